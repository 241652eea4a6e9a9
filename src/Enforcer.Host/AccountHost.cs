using System.Runtime.CompilerServices;
using Enforcer.Host.Activations;
using Enforcer.Host.Operations;
using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;
using Microsoft.Extensions.Logging;

namespace Enforcer.Host;

/// <summary>
/// Holds the accounts that are in use, each in one activation, and everything that goes on besides commands: loading,
/// expiry, heads and eviction (<see cref="HostUpkeep"/>).
/// </summary>
public sealed class AccountHost : IAccountEngine, IDisposable
{
    private readonly ActivationTable _activations = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DepartingAccounts _departures;
    private readonly ActivationContext _context;
    private readonly HistoryLookup _lookup;
    private readonly ReadTurns _reads;
    private readonly AccountReader _reader;
    private readonly IWindowCalendar _calendar;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountHost> _log;

    /// <summary>Makes a host over an open journal.</summary>
    public AccountHost(
        IJournal journal,
        AccountReader reader,
        LedgerOptions ledger,
        HostOptions options,
        IWindowCalendar calendar,
        TimeProvider clock,
        ILogger<AccountHost> log)
    {
        Options = options;
        _reader = reader;
        _calendar = calendar;
        _clock = clock;
        _log = log;
        _departures = new DepartingAccounts(options.Work);
        _reads = new ReadTurns(options.MaxConcurrentReads, options.Work);
        var filter = new OperationFilter(options.RecentOperations);
        _lookup = new HistoryLookup(journal, reader, filter, clock);
        _context = new ActivationContext
        {
            Journal = journal,
            Rules = new AccountRules(ledger, calendar),
            LedgerOptions = ledger,
            Options = options,
            Filter = filter,
            LookUpHistory = activation => options.Work.Queue(() => _ = _lookup.RunAsync(activation, _reads, _stopping.Token)),
            ReportBroken = (account, exception) => HostLog.AccountBroken(_log, account, exception),
        };
    }

    /// <inheritdoc/>
    public HostOptions Options { get; }

    /// <summary>How many accounts are in memory.</summary>
    public int ActiveAccounts => _activations.Count;

    internal ActivationContext Context => _context;

    internal AccountReader Reader => _reader;

    internal long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Hands a well-formed command to its account. Commands of one account are decided in the order of these calls, but a
    /// command that needs old history may be overtaken by later ones that do not depend on it.
    /// </summary>
    /// <exception cref="LedgerException">The account broke a rule of the ledger and was dropped: a bug or a broken journal.</exception>
    public Execution Start(long account, in Command command)
    {
        Activation? found = null;
        return Start(account, ref found, command, NowMs);
    }

    /// <inheritdoc/>
    public Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs = long.MaxValue) =>
        Start(target.Number, ref target.Found, command, nowMs, deadlineMs);

    /// <summary>The same for an account that is in memory and loaded; false, and nothing has happened, if it is not.</summary>
    public bool TryStart(AccountTarget target, in Command command, long nowMs, out Execution execution, out AccountStay stay)
    {
        var activation = target.Found;
        if (activation is not null && activation.TryExecute(command, nowMs, out execution, mayWait: false))
        {
            stay = new AccountStay(activation);
            return true;
        }
        (execution, stay) = (default, default);
        if (!_activations.TryGet(target.Number, out activation)) return false;
        (target.Found, stay) = (activation, new AccountStay(activation));
        return activation.TryExecute(command, nowMs, out execution, mayWait: false);
    }

    /// <summary>
    /// Brings accounts that are about to be commanded from main memory into the processor's cache, all at once: one after the other, each
    /// command would wait for its own account. Reads only, and what it reads decides nothing. Returns a number without meaning.
    /// </summary>
    public static long Warm(ReadOnlySpan<AccountTarget> targets)
    {
        var seen = 0L;
        foreach (var target in targets) seen += target.Found?.Account ?? 0;
        foreach (var target in targets) seen += target.Found?.Warm() ?? 0;
        return seen;
    }

    /// <inheritdoc/>
    public ValueTask WhenDurableAsync(AppendTicket ticket) => _context.Journal.WhenDurableAsync(ticket);

    /// <inheritdoc/>
    public async ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel = default)
    {
        var execution = Start(account, command);
        if (execution.Pending is { } pending) execution = await pending.WaitAsync(cancel).ConfigureAwait(false);
        await WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
        return execution.Outcome;
    }

    /// <inheritdoc/>
    public Task<AccountReading> ReadAsync(long account, CancellationToken cancel = default) =>
        ReadAsync(account, (state, now) => AccountReading.Of(account, state, now, _calendar), cancel);

    /// <inheritdoc/>
    public Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel = default) =>
        ReservationReading.FindAsync(ReadLedgerAsync(account, cancel), id, _context.LedgerOptions);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ReadLedgerAsync(long account, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // Reading makes sure that everything decided so far is durable; the walk then starts there.
        var tail = await ReadTailAsync(account, cancel).ConfigureAwait(false);
        await foreach (var entry in _reader.WalkBackAsync(tail, cancel).ConfigureAwait(false)) yield return entry;
    }

    /// <summary>Walks a history back from an end that is known to be durable, wherever the account is held.</summary>
    public IAsyncEnumerable<Entry> ReadLedgerAsync(in AccountTail tail, CancellationToken cancel = default) => _reader.WalkBackAsync(tail, cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<long> ReadActiveAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        foreach (var activation in _activations.All)
        {
            cancel.ThrowIfCancellationRequested();
            yield return await ValueTask.FromResult(activation.Account).ConfigureAwait(false);
        }
    }

    internal IEnumerable<Activation> Activations => _activations.All;

    /// <inheritdoc/>
    public bool MayBeActive(long account) => _activations.TryGet(account, out _);

    /// <summary>The account's present stay in memory, if it is there.</summary>
    public AccountStay? StayOf(long account) => Find(account) is { } activation ? new AccountStay(activation) : null;

    /// <summary>The accounts that are being let go.</summary>
    internal DepartingAccounts Departing => _departures;

    /// <summary>The account's activation, if it is in memory.</summary>
    internal Activation? Find(long account) => _activations.TryGet(account, out var activation) ? activation : null;

    internal void Forget(Activation activation) => _activations.Remove(activation);

    /// <summary>Brings an account into memory, so that it ends what is due.</summary>
    internal void Touch(long account) => Get(account);

    /// <summary>Ends what is being read; commands that wait for it fail.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _reads.End();
    }

    private Execution Start(long account, ref Activation? found, in Command command, long nowMs, long deadlineMs = long.MaxValue)
    {
        while (true)
        {
            var activation = found ??= Get(account);
            if (activation.TryExecute(command, nowMs, out var execution, mayWait: true, deadlineMs)) return execution;
            Replace(activation);
            found = null;
        }
    }

    /// <summary>Where the account's journal ends now; everything up to there is durable.</summary>
    public async Task<AccountTail> ReadTailAsync(long account, CancellationToken cancel = default)
    {
        while (true)
        {
            var activation = Get(account);
            if (activation.TryReadTail(out var tail))
            {
                await WhenDurableAsync(tail.Ticket).AsTask().WaitAsync(cancel).ConfigureAwait(false);
                return tail;
            }
            await LoadedAsync(activation, cancel).ConfigureAwait(false);
        }
    }

    private async Task<T> ReadAsync<T>(long account, Func<AccountState, long, T> reader, CancellationToken cancel)
    {
        while (true)
        {
            var activation = Get(account);
            if (activation.TryRead(reader, NowMs, out var reading, out var ticket))
            {
                await WhenDurableAsync(ticket).AsTask().WaitAsync(cancel).ConfigureAwait(false);
                return reading!;
            }
            await LoadedAsync(activation, cancel).ConfigureAwait(false);
        }
    }

    private async Task LoadedAsync(Activation activation, CancellationToken cancel)
    {
        await activation.Loaded.WaitAsync(cancel).ConfigureAwait(false);
        if (activation.IsGone) Replace(activation);
    }

    private Activation Get(long account)
    {
        if (_activations.TryGet(account, out var activation)) return activation;
        var made = new Activation(account, _context);
        activation = _activations.GetOrAdd(made);
        if (ReferenceEquals(activation, made)) Options.Work.Queue(() => _ = LoadAsync(made, default));
        return activation;
    }

    /// <summary>
    /// Puts a new activation in the place of one that is gone. It is read only when what the old one appended is durable or
    /// lost for certain: otherwise the two could follow the same entry with different ones.
    /// </summary>
    private void Replace(Activation gone)
    {
        var made = new Activation(gone.Account, _context);
        if (_activations.TryReplace(gone, made)) Options.Work.Queue(() => _ = LoadAsync(made, gone.LastTicket));
    }

    private async Task LoadAsync(Activation activation, AppendTicket after)
    {
        try
        {
            await _departures.WhenOverAsync(activation.Account).ConfigureAwait(false);
            await SettledAsync(after).ConfigureAwait(false);
            await _reads.TakeAsync().ConfigureAwait(false);
            try
            {
                activation.Start(await _reader.LoadAsync(activation.Account, _stopping.Token).ConfigureAwait(false), NowMs);
            }
            finally
            {
                _reads.Give();
            }
        }
        catch (Exception exception)
        {
            // The account cannot be served, now or at all; each caller is told the cause, and the next one tries again.
            // Neither a journal that is being recovered nor an account that was set aside or lives elsewhere is news at each command.
            if (exception is JournalUnavailableException or JournalElsewhereException or JournalCorruptException { IsSetAside: true }) HostLog.LoadRefused(_log, activation.Account, exception.Message);
            else HostLog.LoadFailed(_log, activation.Account, exception);
            Forget(activation);
            activation.FailStart(exception);
        }
    }

    private async Task SettledAsync(AppendTicket ticket)
    {
        try
        {
            await WhenDurableAsync(ticket).ConfigureAwait(false);
        }
        catch (JournalLostException)
        {
            // Lost for certain: nothing of it will ever be there.
        }
    }
}
