using Enforcer.Ledger.Entries;
using Orleans;

namespace Enforcer.Orleans;

/// <summary>What an operator did to an account: what comes on <see cref="ChangeStreams.Operators"/>.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Seq">The entry's seq: with the account it names the change.</param>
/// <param name="Kind">What was done.</param>
/// <param name="AtMs">When, by the account's time, Unix ms.</param>
/// <param name="Actor">By whom, or null.</param>
/// <param name="Reason">Why, or null.</param>
[GenerateSerializer]
[Immutable]
[Alias("enforcer.operator")]
public sealed record OperatorChange(
    [property: Id(0)] long Account,
    [property: Id(1)] long Seq,
    [property: Id(2)] EntryKind Kind,
    [property: Id(3)] long AtMs,
    [property: Id(4)] string? Actor,
    [property: Id(5)] string? Reason)
{
    /// <summary>True for entries that operators make.</summary>
    internal static bool IsOne(EntryKind kind) => kind is EntryKind.Opened or (>= EntryKind.Reversed and <= EntryKind.Closed);
}
