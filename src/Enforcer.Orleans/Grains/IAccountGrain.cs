using Orleans;
using Orleans.Concurrency;

namespace Enforcer.Orleans;

/// <summary>An account as other silos reach it; its key is the account's number.</summary>
[Alias("enforcer.account")]
public interface IAccountGrain : IGrainWithIntegerKey
{
    /// <summary>Asks the account one thing.</summary>
    /// <param name="request">An <c>enforcer.v1.PeerRequests</c> with one command or one question: what nodes ask each other.</param>
    /// <returns>An <c>enforcer.v1.PeerAnswers</c> with one outcome or one answer, durable and certainly not an old owner's.</returns>
    [Alias("ask")]
    [return: Immutable]
    ValueTask<byte[]> AskAsync([Immutable] byte[] request);
}
