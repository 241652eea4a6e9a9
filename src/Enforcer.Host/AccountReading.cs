using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;

namespace Enforcer.Host;

/// <summary>An account as it is shown: everything in it is durable, and one moment's.</summary>
public sealed record AccountReading
{
    /// <summary>The account's number.</summary>
    public required long Account { get; init; }

    /// <summary>Whether it grants; None if it was never opened.</summary>
    public required AccountStatus Status { get; init; }

    /// <summary>Its unit.</summary>
    public required string Unit { get; init; }

    /// <summary>The seq of its last entry.</summary>
    public required long Seq { get; init; }

    /// <summary>Nanos committed over its life.</summary>
    public required long CommittedNanos { get; init; }

    /// <summary>Nanos held by open reservations.</summary>
    public required long HeldNanos { get; init; }

    /// <summary>How many reservations are open.</summary>
    public required int OpenReservations { get; init; }

    /// <summary>Its limits.</summary>
    public required LimitSet Limits { get; init; }

    /// <summary>What its spend limits have counted in the windows of the moment.</summary>
    public required IReadOnlyList<SpendReading> Spend { get; init; }

    /// <summary>Whole requests that could be taken now; 0 without a limit.</summary>
    public required long RequestsAvailable { get; init; }

    /// <summary>Whole tokens that could be taken now, negative while in debt; 0 without a limit.</summary>
    public required long TokensAvailable { get; init; }

    internal static AccountReading Of(long account, AccountState state, long nowMs, IWindowCalendar calendar)
    {
        var now = Math.Max(nowMs, state.LastAtMs);
        var spend = new List<SpendReading>(state.Counters.Length);
        foreach (var counter in state.Counters)
        {
            if (counter is not null) spend.Add(SpendReading.Of(counter, now, calendar));
        }
        return new AccountReading
        {
            Account = account,
            Status = state.Status,
            Unit = state.Unit,
            Seq = state.Seq,
            CommittedNanos = state.CommittedNanos,
            HeldNanos = state.HeldNanos,
            OpenReservations = state.Reservations.Count,
            Limits = state.Limits,
            Spend = spend,
            RequestsAvailable = state.Limits.Requests is { } requests ? state.Requests.At(now, requests).Available : 0,
            TokensAvailable = state.Limits.Tokens is { } tokens ? state.Tokens.At(now, tokens).Available : 0,
        };
    }
}
