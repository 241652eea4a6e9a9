using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Server.Envoy;

/// <summary>What one descriptor adds to one account: so many requests, or one with so many tokens.</summary>
/// <param name="Target">The account; null if there is none.</param>
/// <param name="Count">The hits; 0: only ask whether one would pass.</param>
/// <param name="AreTokens">Whether they are tokens.</param>
/// <param name="HitNanos">What one costs.</param>
internal sealed record Hits(AccountTarget? Target, long Count, bool AreTokens, long HitNanos)
{
    private readonly List<OperationId> _reserved = [];

    /// <summary>Reservations that this takes: each takes one request.</summary>
    public int Reservations => AreTokens || Count == 0 ? 1 : (int)Count;

    /// <summary>What was reserved so far.</summary>
    public IReadOnlyList<OperationId> Reserved => _reserved;

    /// <summary>Why it did not pass; null while it does.</summary>
    public Outcome? Refused { get; set; }

    /// <summary>The next reservation. What costs nothing is still held by the smallest amount.</summary>
    public Command Reserve(OperationId id) => new()
    {
        Kind = CommandKind.Reserve,
        OperationId = id,
        AmountNanos = Math.Max(1, NanosEach),
        Tokens = AreTokens ? Count : 0,
        TtlMs = 60_000,
    };

    /// <summary>A reservation was granted.</summary>
    public void Keep(OperationId id) => _reserved.Add(id);

    /// <summary>Books a reservation, or gives it back.</summary>
    public Command End(OperationId id, OperationId reservation, bool passes) => passes && Count > 0
        ? new() { Kind = CommandKind.Commit, OperationId = id, ReservationId = reservation, AmountNanos = NanosEach, Tokens = AreTokens ? Count : 0, Final = true }
        : new() { Kind = CommandKind.Release, OperationId = id, ReservationId = reservation };

    private long NanosEach => AreTokens ? Count * HitNanos : HitNanos;
}
