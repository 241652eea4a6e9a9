using System.Runtime.CompilerServices;
using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Orleans;
using Orleans.Runtime;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>
/// All accounts of a cluster of silos: those in this process's memory are commanded as if there were no others, everything else at the silo where its grain
/// is.
/// </summary>
/// <remarks>
/// A command whose answer got lost, or whose silo died or was not the owner any more, is asked again until its time is over: its operation id sees to it
/// that it takes effect once. Commands of one account are decided in the order of the calls as long as its owner stays the same.
/// </remarks>
public sealed class OrleansEngine : IAccountEngine
{
    private readonly OwnedAccounts _accounts;
    private readonly SiloRouter _router;
    private readonly IGrainFactory _grains;
    private readonly LedgerOptions _ledger;
    private readonly OrleansOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _longest;

    internal OrleansEngine(OwnedAccounts accounts, SiloRouter router, IGrainFactory grains, LedgerOptions ledger, OrleansOptions options, TimeProvider clock) =>
        (_accounts, _router, _grains, _ledger, _options, _clock, _longest) =
            (accounts, router, grains, ledger, options, clock, ClockWaits.TicksOf(clock, options.RequestTimeout));

    /// <inheritdoc/>
    public HostOptions Options => _accounts.Host.Options;

    /// <inheritdoc/>
    public Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(target);
        return TryStartHere(target, command, nowMs, deadlineMs, out var execution) ? execution : new Execution(AskAsync(target.Number, command, EndOf(nowMs, deadlineMs)));
    }

    /// <inheritdoc/>
    public Execution StartOne(AccountTarget target, in Command command, long nowMs, ulong number, IExecutionTaker taker, OutboundCommands outbound)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (TryStartHere(target, command, nowMs, long.MaxValue, out var execution)) return execution;
        var end = EndOf(nowMs, long.MaxValue);
        return _router.TrySend(target.Number, new TakenCommand(this, target, command, number, taker, end), outbound)
            ? Execution.TakenLater
            : new Execution(AskAsync(target.Number, command, end));
    }

    /// <inheritdoc/>
    public ValueTask WhenDurableAsync(AppendTicket ticket) => _accounts.Host.WhenDurableAsync(ticket);

    /// <inheritdoc/>
    public async ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel = default)
    {
        var execution = Start(new AccountTarget(account, ""), command, _accounts.NowMs);
        if (execution.Pending is { } pending) execution = await pending.WaitAsync(cancel).ConfigureAwait(false);
        await WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
        return execution.Outcome;
    }

    /// <inheritdoc/>
    public async Task<AccountReading> ReadAsync(long account, CancellationToken cancel = default)
    {
        var answer = await AnswerAsync(V1.NodeQuestionKind.ReadAccount, account, cancel).ConfigureAwait(false);
        return ReadingMessages.Read(account, answer.Reading);
    }

    /// <inheritdoc/>
    public Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel = default) =>
        ReservationReading.FindAsync(ReadLedgerAsync(account, cancel), id, _ledger);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ReadLedgerAsync(long account, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // The owner says where the journal ends; from there on every node can read it.
        var end = (await AnswerAsync(V1.NodeQuestionKind.ReadTail, account, cancel).ConfigureAwait(false)).Tail;
        var tail = new AccountTail { Account = account, Seq = end.Seq, LastBatch = end.Batch, Crc = end.Crc, IsForeign = true };
        await foreach (var entry in _accounts.Host.ReadLedgerAsync(tail, cancel).ConfigureAwait(false)) yield return entry;
    }

    /// <summary>The accounts that have a grain on some silo; a grain lives as long as its account is in memory.</summary>
    public async IAsyncEnumerable<long> ReadActiveAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        var type = _grains.GetGrain<IAccountGrain>(0).GetGrainId().Type;
        var active = await _grains.GetGrain<IManagementGrain>(0).GetActiveGrains(type, cancel).AsTask().WaitAsync(cancel).ConfigureAwait(false);
        foreach (var grain in active) yield return grain.GetIntegerKey();
    }

    /// <summary>Always true: what other silos hold is not known here.</summary>
    public bool MayBeActive(long account) => true;

    /// <summary>Writes what commands say of their calls.</summary>
    internal ICallMessages Calls => _accounts.Calls;

    /// <summary>The whole ms until a moment of the clock, at least 1.</summary>
    internal long MillisecondsUntil(long end, long now) => Math.Max(1, (long)_clock.GetElapsedTime(now, end).TotalMilliseconds);

    /// <summary>Asks the account's owner, wherever it is, until there is an answer or the clock's timestamp at which nobody waits any more.</summary>
    internal async Task<Execution> AskAsync(long account, Command command, long end)
    {
        var answer = await _router.AskAsync(new AccountRequest(account, command, null), command.OperationId.Low, end, CancellationToken.None).ConfigureAwait(false);
        // The owner has made it durable: there is nothing to wait for here.
        return new Execution(answer.Other is null ? answer.Outcome : Outcome.Refuse(Refusal.Unavailable, 0), default);
    }

    private bool TryStartHere(AccountTarget target, in Command command, long nowMs, long deadlineMs, out Execution execution)
    {
        if (!_accounts.Host.TryStart(target, command, nowMs, out execution, out var stay)) return false;
        // A grant stands on what the journal has let in; a refusal must not be an old owner's.
        if (execution is not { Pending: null, Outcome.IsGranted: true }) execution = new Execution(HereAsync(target.Number, stay, execution, command, EndOf(nowMs, deadlineMs)));
        return true;
    }

    private async Task<Execution> HereAsync(long account, AccountStay stay, Execution execution, Command command, long end)
    {
        try
        {
            return await _accounts.TellableAsync(account, stay, execution).ConfigureAwait(false);
        }
        catch (JournalElsewhereException)
        {
            return await AskAsync(account, command, end).ConfigureAwait(false);
        }
    }

    private async Task<V1.NodeAnswer> AnswerAsync(V1.NodeQuestionKind kind, long account, CancellationToken cancel)
    {
        var request = new AccountRequest(account, default, new V1.NodeQuestion { Kind = kind, Account = account });
        var answer = await _router.AskAsync(request, unchecked((ulong)account), EndOf(0, long.MaxValue), cancel).ConfigureAwait(false);
        return answer is { Other.Kind: V1.NodeAnswerKind.Answered }
            ? answer.Other
            : throw new JournalUnavailableException($"The owner of account {account} does not answer; ask again.");
    }

    /// <summary>The clock's timestamp at which nobody waits any more.</summary>
    private long EndOf(long nowMs, long deadlineMs)
    {
        if (deadlineMs - nowMs >= _options.RequestTimeout.TotalMilliseconds) return _clock.GetTimestamp() + _longest;
        return _clock.GetTimestamp() + ClockWaits.TicksOf(_clock, TimeSpan.FromMilliseconds(Math.Max(1, deadlineMs - nowMs)));
    }
}
