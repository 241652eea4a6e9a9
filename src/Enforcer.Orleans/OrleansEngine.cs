using System.Runtime.CompilerServices;
using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Orleans;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>
/// All accounts of a cluster of silos: those in this process's memory are commanded as if there were no others, everything else through its grain, which
/// Orleans finds or makes.
/// </summary>
/// <remarks>
/// A command whose answer got lost, or whose silo died or was not the owner any more, is asked again until its time is over: its operation id sees to it
/// that it takes effect once. Commands of one account are decided in the order of the calls as long as its owner stays the same.
/// </remarks>
public sealed class OrleansEngine : IAccountEngine
{
    private const int FirstPauseMs = 5;
    private const int LongestPauseMs = 200;
    private readonly OwnedAccounts _accounts;
    private readonly IGrainFactory _grains;
    private readonly IActiveAccounts _active;
    private readonly LedgerOptions _ledger;
    private readonly OrleansOptions _options;
    private readonly TimeProvider _clock;
    private long _passedOn;

    internal OrleansEngine(OwnedAccounts accounts, IGrainFactory grains, IActiveAccounts active, LedgerOptions ledger, OrleansOptions options, TimeProvider clock)
    {
        _accounts = accounts;
        _grains = grains;
        _active = active;
        _ledger = ledger;
        _options = options;
        _clock = clock;
    }

    /// <inheritdoc/>
    public HostOptions Options => _accounts.Host.Options;

    /// <summary>Commands and questions that went to grains, here or on other silos.</summary>
    public long PassedOn => Interlocked.Read(ref _passedOn);

    /// <inheritdoc/>
    public Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!_accounts.Host.TryStart(target, command, nowMs, out var execution)) return new Execution(AskAsync(target.Number, command, EndOf(nowMs, deadlineMs)));
        // A grant stands on what the journal has let in; a refusal must not be an old owner's.
        if (execution is { Pending: null, Outcome.IsGranted: true }) return execution;
        return new Execution(HereAsync(target.Number, execution, command, EndOf(nowMs, deadlineMs)));
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

    /// <inheritdoc/>
    public IAsyncEnumerable<long> ReadActiveAsync(CancellationToken cancel = default) => _active.ReadAsync(cancel);

    /// <summary>Always true: what other silos hold is not known here.</summary>
    public bool MayBeActive(long account) => true;

    private async Task<Execution> HereAsync(long account, Execution execution, Command command, long end)
    {
        try
        {
            return await _accounts.TellableAsync(account, execution).ConfigureAwait(false);
        }
        catch (JournalElsewhereException)
        {
            return await AskAsync(account, command, end).ConfigureAwait(false);
        }
    }

    private async Task<Execution> AskAsync(long account, Command command, long end)
    {
        var answer = await AskAsync(account, AccountRequest.Of(account, command), command.OperationId.Low, end, CancellationToken.None).ConfigureAwait(false);
        // The owner has made it durable: there is nothing to wait for here.
        return new Execution(answer is { Other: null } ? answer.Value.Outcome : Outcome.Refuse(Refusal.Unavailable, 0), default);
    }

    private async Task<V1.NodeAnswer> AnswerAsync(V1.NodeQuestionKind kind, long account, CancellationToken cancel)
    {
        var request = AccountRequest.Of(new V1.NodeQuestion { Kind = kind, Account = account });
        var answer = await AskAsync(account, request, unchecked((ulong)account), EndOf(0, long.MaxValue), cancel).ConfigureAwait(false);
        return answer is { Other.Kind: V1.NodeAnswerKind.Answered }
            ? answer.Value.Other
            : throw new JournalUnavailableException($"The owner of account {account} does not answer; ask again.");
    }

    /// <summary>Asks the account's grain until there is an answer; null, or the last answer that was none, when time is over.</summary>
    private async Task<AccountAnswer?> AskAsync(long account, byte[] request, ulong seed, long end, CancellationToken cancel)
    {
        AccountAnswer? answer = null;
        for (var pauseMs = FirstPauseMs; ; pauseMs = Math.Min(2 * pauseMs, LongestPauseMs))
        {
            try
            {
                Interlocked.Increment(ref _passedOn);
                answer = AccountAnswer.Read(await _grains.GetGrain<IAccountGrain>(account).AskAsync(request).AsTask().WaitAsync(cancel).ConfigureAwait(false));
                if (answer is { Other: null or { Kind: V1.NodeAnswerKind.Answered } }) return answer;
            }
            catch (Exception) when (!cancel.IsCancellationRequested)
            {
                // A silo that died, a message that got lost, an account that could not be claimed: nobody knows, so it is asked again.
            }
            var rest = _clock.GetElapsedTime(_clock.GetTimestamp(), end).TotalMilliseconds;
            if (rest <= 0) return answer;
            // Two silos that both want the account must not meet again and again.
            var pause = Math.Min(rest, pauseMs + (double)(seed % (ulong)pauseMs));
            await Task.Delay(TimeSpan.FromMilliseconds(pause), _clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The clock's timestamp at which nobody waits any more.</summary>
    private long EndOf(long nowMs, long deadlineMs)
    {
        var longest = _options.RequestTimeout;
        if (deadlineMs - nowMs < longest.TotalMilliseconds) longest = TimeSpan.FromMilliseconds(Math.Max(1, deadlineMs - nowMs));
        return _clock.GetTimestamp() + (long)(longest.Ticks * (Int128)_clock.TimestampFrequency / TimeSpan.TicksPerSecond);
    }
}
