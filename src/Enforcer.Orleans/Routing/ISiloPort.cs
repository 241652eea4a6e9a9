using Orleans;
using Orleans.Concurrency;
using Orleans.Services;

namespace Enforcer.Orleans;

/// <summary>A silo as the others command its accounts: one of them on each silo.</summary>
[Alias("enforcer.silo")]
public interface ISiloPort : IGrainService
{
    /// <summary>
    /// Asks accounts of this silo. Those that are not in its memory are answered with <c>NOT_MINE</c>, and once its node was replaced those that still are: their
    /// grains know more.
    /// </summary>
    /// <param name="requests">An <c>enforcer.v1.PeerRequests</c>; commands of one account are handed to it in their order.</param>
    /// <returns>An <c>enforcer.v1.PeerAnswers</c>, each answer durable and certainly not an old owner's.</returns>
    [Alias("exchange")]
    [return: Immutable]
    ValueTask<byte[]> ExchangeAsync([Immutable] byte[] requests);
}
