using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>What the model answers to a command, and the fact that a granted one becomes.</summary>
internal sealed class NaiveRules(NaiveAccount account, LedgerOptions options)
{
    /// <summary>What the model says; only what every answer must say is filled in.</summary>
    public Outcome Decide(Command command, long clockMs)
    {
        account.Look(clockMs);
        if (command.Kind == CommandKind.Expire) return default;
        if (command.OperationId.TimeMs < account.NowMs - options.RetentionMs) return Refuse(Refusal.ExpiredOperation);
        var known = account.Facts.Find(f => f.Command.OperationId == command.OperationId && !command.OperationId.IsNone);
        if (known is not null)
            return known.Command == command ? known.Answer : Refuse(Refusal.OperationConflict);
        if (command.OperationId.TimeMs > account.NowMs + options.FutureToleranceMs) return Refuse(Refusal.FutureOperation);
        var (refusal, fact) = command.Kind switch
        {
            CommandKind.Reserve => Reserve(command),
            CommandKind.Extend => Extend(command),
            CommandKind.Commit => Commit(command),
            CommandKind.Release => Release(command),
            CommandKind.Reverse => Reverse(command),
            _ => Change(command),
        };
        return fact is null ? Refuse(refusal) : Grant(fact with { Command = command });
    }

    private static Outcome Refuse(Refusal refusal) => new() { Refusal = refusal };

    private Outcome Grant(Fact fact)
    {
        var was = account.Reservation(fact.Reservation);
        var isCommit = fact.Kind == FactKind.Committed;
        var before = account.Spend
            .Where(l => isCommit && account.IsCounted(l, was) && !account.IsGone(l, was))
            .Select(l => account.HeadroomOf(l, l.WindowOf(was.Made!.AtMs))).ToList();
        account.Add(fact);
        var now = account.Reservation(fact.Reservation);
        var isGrant = fact.Kind is FactKind.Reserved or FactKind.Extended;
        fact.Answer = new Outcome
        {
            HeldNanos = now.Held,
            HeldTokens = isGrant ? now.HeldTokens : 0,
            ExpiresAtMs = isGrant ? now.ExpiresAtMs : 0,
            ChargedNanos = now.Booked - was.Booked,
            OverrunNanos = before.Select(h => NaiveAccount.Uncovered(now.Booked - was.Booked, was.Held - now.Held, h)).DefaultIfEmpty(0).Max(),
            HeadroomNanos = now.Exists ? account.HeadroomFor(now)
                : fact.Kind == FactKind.ToppedUp ? account.HeadroomOf(account.Spend.Find(l => l.Limit.IsBalance)!) : Outcome.NoCap,
        };
        return fact.Answer;
    }

    private Refusal RefusalOfNew() => account.Status switch
    {
        AccountStatus.Closed => Refusal.Closed,
        AccountStatus.Suspended => Refusal.Suspended,
        _ => account.IsOverrun ? Refusal.Overrun : Refusal.Granted,
    };

    /// <summary>Each cap that would count the money, with its headroom and with what is in flight there.</summary>
    private static Refusal RefusalOfCaps(IEnumerable<(long Headroom, long Held)> caps, long atLeast)
    {
        var tight = caps.Where(c => c.Headroom < atLeast).ToList();
        if (tight.Count == 0) return Refusal.Granted;
        return tight.TrueForAll(c => c.Headroom + c.Held >= atLeast) ? Refusal.ExceedsSpendCapInFlight : Refusal.ExceedsSpendCap;
    }

    private (Refusal Refusal, Fact? Fact) Reserve(Command command)
    {
        if (RefusalOfNew() is var refusal and not Refusal.Granted) return (refusal, null);
        var open = account.Reservations.Count(r => r.IsOpen);
        if (open >= options.MaxOpenReservations) return (Refusal.TooManyReservations, null);
        var caps = account.Spend.Where(l => l.Limit.Covers(command.Model, command.Tag))
            .Select(l => (account.HeadroomOf(l), account.UseOf(l, l.WindowOf(account.NowMs)).Held)).ToList();
        var atLeast = command.AtLeastNanos == 0 ? command.AmountNanos : command.AtLeastNanos;
        refusal = RefusalOfCaps(caps, atLeast);
        if (refusal != Refusal.Granted) return (refusal, null);
        if (account.Limits.Concurrency > 0 && open >= account.Limits.Concurrency) return (Refusal.Concurrency, null);
        if (account.Requests?.AvailableAt(account.NowMs) < 1) return (Refusal.RequestRate, null);
        var tokens = command.Tokens;
        if (account.Tokens is { } bucket)
        {
            tokens = (long)System.Numerics.BigInteger.Min(tokens, bucket.AvailableAt(account.NowMs));
            if (tokens < (command.AtLeastTokens == 0 ? command.Tokens : command.AtLeastTokens)) return (Refusal.TokenRate, null);
        }
        return (Refusal.Granted, new Fact(FactKind.Reserved, account.NowMs, command.OperationId)
        {
            Nanos = caps.Select(c => c.Item1).Append(command.AmountNanos).Min(),
            Tokens = tokens,
            ExpiresAtMs = account.NowMs + (command.TtlMs == 0 ? options.DefaultTtlMs : command.TtlMs),
        });
    }

    private (Refusal Refusal, Fact? Fact) Extend(Command command)
    {
        var reservation = account.Reservation(command.ReservationId);
        if (!reservation.IsOpen) return (RefusalOfEnded(command, Refusal.ReservationFinished), null);
        var refusal = RefusalOfNew();
        if (refusal == Refusal.Overrun && command is { AmountNanos: 0, Tokens: 0 }) refusal = Refusal.Granted;
        if (refusal != Refusal.Granted) return (refusal, null);
        if (command.AmountNanos > 0)
        {
            refusal = RefusalOfCaps(account.Spend.Where(l => account.IsCounted(l, reservation)).Select(l => HeadroomFor(l, reservation)), command.AmountNanos);
            if (refusal != Refusal.Granted) return (refusal, null);
        }
        var isMetered = account.Tokens is not null && account.Facts.IndexOf(reservation.Made!) >= account.Tokens.Since;
        if (command.Tokens > 0 && isMetered && account.Tokens!.AvailableAt(account.NowMs) < command.Tokens) return (Refusal.TokenRate, null);
        var wanted = Math.Min(account.NowMs + command.TtlMs, account.LongestExpiry(command.ReservationId));
        return (Refusal.Granted, new Fact(FactKind.Extended, account.NowMs, command.ReservationId)
        {
            Nanos = command.AmountNanos,
            Tokens = command.Tokens,
            ExpiresAtMs = command.TtlMs == 0 ? reservation.ExpiresAtMs : Math.Max(reservation.ExpiresAtMs, wanted),
        });
    }

    private (long Headroom, long Held) HeadroomFor(NaiveLimit limit, NaiveReservation reservation)
    {
        var window = limit.WindowOf(reservation.Made!.AtMs);
        return account.IsGone(limit, reservation) ? (0, 0) : (account.HeadroomOf(limit, window), account.UseOf(limit, window).Held);
    }

    private (Refusal Refusal, Fact? Fact) Commit(Command command)
    {
        var reservation = account.Reservation(command.ReservationId);
        var refusal = reservation.IsOpen ? Refusal.Granted : RefusalOfEnded(command, Refusal.Granted);
        if (refusal == Refusal.Granted && reservation.IsReported) refusal = Refusal.ReservationFinished;
        if (refusal != Refusal.Granted) return (refusal, null);
        return (Refusal.Granted, new Fact(FactKind.Committed, account.NowMs, command.ReservationId)
        {
            Nanos = command.AmountNanos,
            Tokens = command.Tokens,
            IsFinal = command.Final,
        });
    }

    private (Refusal Refusal, Fact? Fact) Release(Command command) => account.Reservation(command.ReservationId).IsOpen
        ? (Refusal.Granted, new Fact(FactKind.Released, account.NowMs, command.ReservationId))
        : (RefusalOfEnded(command, Refusal.ReservationFinished), null);

    private (Refusal Refusal, Fact? Fact) Reverse(Command command)
    {
        var reservation = account.Reservation(command.ReservationId);
        if (!reservation.Exists) return (Refusal.UnknownReservation, null);
        if (reservation.IsOpen) return (Refusal.InvalidChange, null);
        var amount = command.AmountNanos == 0 ? reservation.Booked : command.AmountNanos;
        if (amount == 0 || amount > reservation.Booked) return (Refusal.ExceedsCommitted, null);
        return (Refusal.Granted, new Fact(FactKind.Reversed, account.NowMs, command.ReservationId) { Nanos = amount });
    }

    private Refusal RefusalOfEnded(Command command, Refusal ofExpired)
    {
        var isTooOld = command.ReservationId.TimeMs < account.NowMs - options.RetentionMs - options.LongestLifeMs;
        var reservation = account.Reservation(command.ReservationId);
        if (isTooOld || !reservation.Exists) return Refusal.UnknownReservation;
        return reservation.End == FactKind.Expired ? ofExpired : Refusal.ReservationFinished;
    }

    private (Refusal Refusal, Fact? Fact) Change(Command command)
    {
        if (command.Kind == CommandKind.Open)
        {
            if (account.Status != AccountStatus.None) return (Refusal.InvalidChange, null);
            return (Refusal.Granted, new Fact(FactKind.StatusSet, account.NowMs) { Limits = command.Limits });
        }
        if (account.Status == AccountStatus.Closed) return (Refusal.Closed, null);
        switch (command.Kind)
        {
            case CommandKind.SetLimits:
                return (Refusal.Granted, new Fact(FactKind.LimitsSet, account.NowMs) { Limits = command.Limits });
            case CommandKind.TopUp when !account.Spend.Exists(l => l.Limit.IsBalance):
                return (Refusal.InvalidChange, null);
            case CommandKind.TopUp:
                var limits = account.Limits;
                var spend = limits.Spend.Select(l => l.IsBalance ? l with { CapNanos = l.CapNanos + command.AmountNanos } : l);
                var raised = new Ledger.Limits.LimitSet(spend, limits.Requests, limits.Tokens, limits.Concurrency, limits.OnExpiry);
                return (Refusal.Granted, new Fact(FactKind.ToppedUp, account.NowMs) { Limits = raised });
            default:
                return (Refusal.Granted, new Fact(FactKind.StatusSet, account.NowMs));
        }
    }
}
