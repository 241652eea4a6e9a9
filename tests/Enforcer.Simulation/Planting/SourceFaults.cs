namespace Enforcer.Simulation.Planting;

/// <summary>Faults in the rules, the journal, the host, the cluster and the SDK, a line each.</summary>
internal static class SourceFaults
{
    public static IReadOnlyList<SourceFault> All { get; } = [.. Accounts, .. ClusterFaults.All, .. ClientFaults.All];

    private static IEnumerable<SourceFault> Accounts =>
    [
        new("free-on-expiry", "an expired reservation frees what may have been spent", "Enforcer.Ledger/Rules/DueRule.cs",
            "CommittedDeltaNanos = isCharged ? due.HeldNanos : 0,", "CommittedDeltaNanos = 0,"),
        new("operation-forgotten", "an operation that is remembered takes effect again", "Enforcer.Ledger/Rules/RepeatRule.cs",
            "if (!Unsafe.IsNullRef(in known))", "if (!Unsafe.IsNullRef(in known) && known.BodyHash != command.BodyHash())"),
        new("body-unchecked", "another body under the same id gets the first one's answer", "Enforcer.Ledger/Rules/RepeatRule.cs",
            "outcome = known.BodyHash == command.BodyHash() ? known.ToOutcome() : ruling.Refuse(Refusal.OperationConflict);", "outcome = known.ToOutcome();"),
        new("refilled-twice", "a bucket counts the same time twice", "Enforcer.Ledger/Limits/TokenBucket.cs",
            "return this with { Level = level, AtMs = nowMs };", "return this with { Level = level };"),
        new("time-runs-back", "an account's time follows a clock that jumps back", "Enforcer.Ledger/Rules/AccountRules.cs",
            "NowMs = Math.Max(state.LastAtMs, nowMs),", "NowMs = nowMs,"),
        new("cap-unchecked", "a grant does not ask the cap", "Enforcer.Ledger/Rules/SpendCheck.cs",
            "granted = Math.Min(granted, HeadroomOf(counter, counter.MembershipOf(reservedSeq)));", "granted = Math.Min(granted, long.MaxValue);"),
        new("late-commit-adds", "a late commit is booked on top of the expiry's charge", "Enforcer.Ledger/Rules/CommitRule.cs",
            "- found.LateBookedNanos;", "- 0;"),
        new("one-too-many", "one more reservation is open than may be", "Enforcer.Ledger/Rules/ReserveRule.cs",
            "state.Reservations.Count >= state.Limits.Concurrency) return", "state.Reservations.Count > state.Limits.Concurrency) return"),
        new("told-too-early", "answers do not wait for the disk", "Enforcer.Journal/Committing/GroupCommit.cs",
            "if (IsDurable(ticket)) return ValueTask.CompletedTask;", "return ValueTask.CompletedTask;"),
        new("failure-told-durable", "those who wait for a batch that failed are told that it is durable", "Enforcer.Journal/Committing/GroupCommit.cs",
            "foreach (var groups in waiters) Waiters.Fail(groups, _options.Work, lost);", "foreach (var groups in waiters) Waiters.Complete(groups, _options.Work);"),
        new("loss-forgotten", "after an unknown outcome accounts go on as if nothing had been lost", "Enforcer.Journal/Committing/Generations.cs",
            "IsKept(tail.Ticket, _tailEnds) && !(_dropped.TryGetValue(tail.Account, out var since) && tail.Generation < since);", "true;"),
        new("taken-goes-on", "an account that was taken goes on from memory", "Enforcer.Journal/Committing/Generations.cs",
            "foreach (var account in accounts) _dropped[account] = Current;", ""),
        new("predecessor-unread", "a successor does not read what its predecessor left", "Enforcer.Journal/Committing/Recovery.cs",
            "Tails.Add(batch.Payload.Span, batch.Number);\n            _readThrough = batch.Number;\n            _hash", "_readThrough = batch.Number;\n            _hash"),
        new("covered-too-early", "an account counts as covered though its head is older", "Enforcer.Journal/Committing/TailIndex.cs",
            "if (head.Seq >= tail.Seq)", "if (head.Seq >= 0)"),
        new("refusal-told-early", "a refusal does not wait for what it stands on", "Enforcer.Host/Activations/Activation.cs",
            "new Execution(outcome, _tail.Ticket);", "new Execution(outcome, outcome.IsGranted ? _tail.Ticket : default);"),
        new("history-skipped", "an operation that is not in the state counts as new", "Enforcer.Host/Activations/ActivationContext.cs",
            "return Filter.MayContain(account, id, earliest) ? null : History.NewOperation;", "return History.NewOperation;"),
        new("wait-untold", "a command that must wait again is told at once", "Enforcer.Host/Activations/ParkedCommand.cs",
            "if (execution.Pending is { } pending)", "if (execution.Pending is { IsCompleted: true } pending)"),
        new("never-due", "reservations do not end by themselves", "Enforcer.Host/HostUpkeep.cs",
            "while (_host.Context.Expiries.TryTake(nowMs, out var account, out var wakeMs)) _host.Find(account)?.Wake(wakeMs, nowMs);", ""),
        new("departed-lag", "heads of accounts that went elsewhere are waited for", "Enforcer.Journal/Committing/JournalHeads.cs",
            "_tails.Remove([account]);", ""),
    ];
}
