using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>
/// One command for <see cref="EnforcerSession.SendAsync"/>, as plain data. Fields that its kind does not have are not sent.
/// </summary>
public readonly record struct SessionCommand
{
    /// <summary>What to do.</summary>
    public required SessionCommandKind Kind { get; init; }

    /// <summary>
    /// The operation id: a UUIDv7, made once per logical operation (see <see cref="OperationIds"/>) and kept when it is
    /// repeated. Of a Reserve it is also the reservation's id.
    /// </summary>
    public required Guid OperationId { get; init; }

    /// <summary>The account to spend from.</summary>
    public required AccountReference Account { get; init; }

    /// <summary>The reservation that Extend, Commit and Release mean.</summary>
    public Guid ReservationId { get; init; }

    /// <summary>Reserve: the most to hold (1 to 2⁵³ nanos). Extend: how much more. Commit: the real cost since the last commit.</summary>
    public long AmountNanos { get; init; }

    /// <summary>Reserve: the least to hold, in nanos; 0 for all or nothing.</summary>
    public long AtLeastNanos { get; init; }

    /// <summary>Tokens to hold, to hold more, or really used.</summary>
    public long Tokens { get; init; }

    /// <summary>Reserve: the least tokens to hold; 0 for all or nothing.</summary>
    public long AtLeastTokens { get; init; }

    /// <summary>Reserve, Extend: the time to live in milliseconds, at most 24 h; 0 for the server's default.</summary>
    public long TtlMs { get; init; }

    /// <summary>Reserve: the model asked for; at most 128 bytes.</summary>
    public string? Model { get; init; }

    /// <summary>Reserve: a free tag; at most 64 bytes.</summary>
    public string? Tag { get; init; }

    /// <summary>Commit: whether it is the reservation's last.</summary>
    public bool Final { get; init; }

    /// <summary>
    /// Reserve: the most that the call can use, instead of amounts and tokens. Extend: how much more. Null: amounts are given. Not changed
    /// afterwards.
    /// </summary>
    public UsageEstimate? Estimate { get; init; }

    /// <summary>Commit: what the call used, instead of amount and tokens; null: they are given. Not changed afterwards.</summary>
    public UsageReport? Usage { get; init; }

    /// <summary>The caller's own mark; comes back with the outcome and is not sent.</summary>
    public long Mark { get; init; }
}
