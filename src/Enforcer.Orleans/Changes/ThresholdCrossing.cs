using Orleans;

namespace Enforcer.Orleans;

/// <summary>
/// What an account has committed came to a share of a spend cap: what comes on <see cref="ChangeStreams.Thresholds"/>. Told at least once; again when the
/// account comes into memory anew, so whoever alerts people remembers account, limit, window and share.
/// </summary>
/// <param name="Account">The account's number.</param>
/// <param name="Seq">The account's last entry when it was seen.</param>
/// <param name="Limit">The limit in words, as refusals name it.</param>
/// <param name="WindowStartMs">When the limit's window began, Unix ms; 0 for life.</param>
/// <param name="Percent">The share: one of <see cref="ChangeStreams.Percents"/>.</param>
/// <param name="CommittedNanos">What is committed in the window, in nanos.</param>
/// <param name="CapNanos">The cap, in nanos.</param>
[GenerateSerializer]
[Immutable]
[Alias("enforcer.threshold")]
public sealed record ThresholdCrossing(
    [property: Id(0)] long Account,
    [property: Id(1)] long Seq,
    [property: Id(2)] string Limit,
    [property: Id(3)] long WindowStartMs,
    [property: Id(4)] int Percent,
    [property: Id(5)] long CommittedNanos,
    [property: Id(6)] long CapNanos);
