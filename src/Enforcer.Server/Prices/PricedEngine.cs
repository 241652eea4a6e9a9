using System.Collections.Concurrent;
using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Prices;

namespace Enforcer.Server.Prices;

/// <summary>
/// Accounts whose commands may be priced: fetches what prices a command before its account decides it. Commands without prices go straight
/// through.
/// </summary>
/// <remarks>
/// What is not at hand must be fetched, and the commands of the same account that come meanwhile wait behind it: a Commit is never decided before the
/// Reserve that was sent before it.
/// </remarks>
internal sealed class PricedEngine(IAccountEngine inner, OfferCatalog offers) : IAccountEngine
{
    private readonly ConcurrentDictionary<long, Task> _waiting = new();

    public HostOptions Options => inner.Options;

    public Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs = long.MaxValue)
    {
        if (IsWaiting(target)) return Wait(target, command, nowMs, deadlineMs);
        if (command.Call is null) return inner.Start(target, command, nowMs, deadlineMs);
        if (command.Call is CallEstimate estimate)
        {
            return offers.TryFind(target, command.Model!, estimate.Provider, nowMs, out var answer)
                ? Told(inner.Start(target, command with { Call = answer!.Complete(estimate) }, nowMs, deadlineMs))
                : Wait(target, command, nowMs, deadlineMs);
        }
        var execution = inner.Start(target, command, nowMs, deadlineMs);
        if (execution.Pending is { } pending) return new Execution(WithOfferAsync(pending, target, command, nowMs, deadlineMs));
        return execution.Outcome.Refusal == Refusal.NeedsOffer ? Wait(target, command, nowMs, deadlineMs) : execution;
    }

    public Execution StartOne(AccountTarget target, in Command command, long nowMs, ulong number, IExecutionTaker taker, OutboundCommands outbound) =>
        command.Call is null && !IsWaiting(target) ? inner.StartOne(target, command, nowMs, number, taker, outbound) : Start(target, command, nowMs);

    public ValueTask WhenDurableAsync(AppendTicket ticket) => inner.WhenDurableAsync(ticket);

    public ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel = default) => inner.ExecuteAsync(account, command, cancel);

    public Task<AccountReading> ReadAsync(long account, CancellationToken cancel = default) => inner.ReadAsync(account, cancel);

    public Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel = default) =>
        inner.ReadReservationAsync(account, id, cancel);

    public IAsyncEnumerable<Entry> ReadLedgerAsync(long account, CancellationToken cancel = default) => inner.ReadLedgerAsync(account, cancel);

    public IAsyncEnumerable<long> ReadActiveAsync(CancellationToken cancel = default) => inner.ReadActiveAsync(cancel);

    public bool MayBeActive(long account) => inner.MayBeActive(account);

    private bool IsWaiting(AccountTarget target) => !_waiting.IsEmpty && _waiting.ContainsKey(target.Number);

    /// <summary>Puts the command behind those of its account that wait already.</summary>
    private Execution Wait(AccountTarget target, Command command, long nowMs, long deadlineMs)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? before = null;
        _waiting.AddOrUpdate(target.Number, turn.Task, (_, last) =>
        {
            before = last;
            return turn.Task;
        });
        return new Execution(RunInTurnAsync(before, turn, target, command, nowMs, deadlineMs));
    }

    private async Task<Execution> RunInTurnAsync(
        Task? before, TaskCompletionSource turn, AccountTarget target, Command command, long nowMs, long deadlineMs)
    {
        Execution execution;
        try
        {
            if (before is not null) await before.ConfigureAwait(false);
            execution = inner.Start(target, await FetchAsync(target, command, nowMs).ConfigureAwait(false), nowMs, deadlineMs);
        }
        finally
        {
            // The account has the command, or never gets it: what comes now is decided after it.
            _waiting.TryRemove(new KeyValuePair<long, Task>(target.Number, turn.Task));
            turn.SetResult();
        }
        execution = Told(execution);
        return execution.Pending is { } pending ? await pending.ConfigureAwait(false) : execution;
    }

    /// <summary>Where an account is held by another node that cannot fetch what prices its command, nobody is told why: asking again may help.</summary>
    private static Execution Told(in Execution execution)
    {
        if (execution.Pending is { } pending) return new Execution(ToldAsync(pending));
        return execution.Outcome.Refusal == Refusal.NeedsOffer
            ? new Execution(Outcome.Refuse(Refusal.Unavailable, execution.Outcome.Seq), execution.Ticket)
            : execution;

        static async Task<Execution> ToldAsync(Task<Execution> pending) => Told(await pending.ConfigureAwait(false));
    }

    /// <summary>The command with what prices it, or with that at hand.</summary>
    private async ValueTask<Command> FetchAsync(AccountTarget target, Command command, long nowMs)
    {
        if (command.Call is CallEstimate estimate)
        {
            var answer = await offers.FindAsync(target, command.Model!, estimate.Provider, nowMs, CancellationToken.None).ConfigureAwait(false);
            return command with { Call = answer.Complete(estimate) };
        }
        if (command.Call is not null
            && await inner.ReadReservationAsync(target.Number, command.ReservationId).ConfigureAwait(false) is { Priced: { } pinned })
        {
            await offers.FetchAsync(pinned, CancellationToken.None).ConfigureAwait(false);
        }
        return command;
    }

    private async Task<Execution> WithOfferAsync(Task<Execution> pending, AccountTarget target, Command command, long nowMs, long deadlineMs)
    {
        var execution = await pending.ConfigureAwait(false);
        if (execution.Outcome.Refusal != Refusal.NeedsOffer) return execution;
        execution = Wait(target, command, nowMs, deadlineMs);
        return await execution.Pending!.ConfigureAwait(false);
    }
}
