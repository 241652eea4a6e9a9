using Enforcer.Cluster;
using Enforcer.Host;
using Orleans;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>An account's balances as they became durable: what comes on <see cref="ChangeStreams.Balances"/>.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Seq">The seq of its last entry; a lower one that comes later is older.</param>
/// <param name="Reading">An <c>enforcer.v1.NodeReading</c>.</param>
[GenerateSerializer]
[Immutable]
[Alias("enforcer.balance")]
public sealed record AccountBalance([property: Id(0)] long Account, [property: Id(1)] long Seq, [property: Id(2)] ReadOnlyMemory<byte> Reading)
{
    /// <summary>The balances, read.</summary>
    public AccountReading ToReading() => ReadingMessages.Read(Account, V1.NodeReading.Parser.ParseFrom(Reading.Span));
}
