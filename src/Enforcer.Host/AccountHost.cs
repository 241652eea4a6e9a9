using System.Collections.Concurrent;
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
public sealed class AccountHost : IDisposable
{
    private readonly ConcurrentDictionary<long, Activation> _activations = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ActivationContext _context;
    private readonly HistoryLookup _lookup;
    private readonly SemaphoreSlim _reads;
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
        _reads = new SemaphoreSlim(options.MaxConcurrentReads);
        var filter = new OperationFilter(options.RecentOperations);
        _lookup = new HistoryLookup(journal, reader, filter, ledger, clock);
        _context = new ActivationContext
        {
            Journal = journal,
            Rules = new AccountRules(ledger, calendar),
            LedgerOptions = ledger,
            Options = options,
            Filter = filter,
            LookUpHistory = activation => _ = Task.Run(() => _lookup.RunAsync(activation, _reads, _stopping.Token)),
            ReportBroken = (account, exception) => HostLog.AccountBroken(_log, account, exception),
        };
    }

    /// <summary>How it behaves.</summary>
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

    /// <summary>The same for an account that commands have named before.</summary>
    public Execution Start(AccountTarget target, in Command command) => Start(target, command, NowMs);

    /// <summary>The same at a moment that the caller has read from the clock just now, for batches.</summary>
    public Execution Start(AccountTarget target, in Command command, long nowMs) => Start(target.Number, ref target.Found, command, nowMs);

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

    /// <summary>Completes when what the ticket names is durable.</summary>
    /// <exception cref="JournalLostException">It was lost, or whether it is durable is not known: retry with the same operation id.</exception>
    public ValueTask WhenDurableAsync(AppendTicket ticket) => _context.Journal.WhenDurableAsync(ticket);

    /// <summary>Hands a command in and waits until its answer may be told.</summary>
    /// <exception cref="JournalLostException">Whether it took effect is not known: retry with the same operation id.</exception>
    public async ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel = default)
    {
        var execution = Start(account, command);
        if (execution.Pending is { } pending) execution = await pending.WaitAsync(cancel).ConfigureAwait(false);
        await WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
        return execution.Outcome;
    }

    /// <summary>Reads an account. Its status is None if it was never opened.</summary>
    public Task<AccountReading> ReadAsync(long account, CancellationToken cancel = default) =>
        ReadAsync(account, (state, now) => AccountReading.Of(account, state, now, _calendar), cancel);

    /// <summary>Reads a reservation, from memory or from the account's history; null if there is none.</summary>
    public async Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel = default)
    {
        var history = new ReservationHistory(id);
        var entries = new List<Entry>();
        var earliest = id.TimeMs - _context.LedgerOptions.FutureToleranceMs;
        await foreach (var entry in ReadLedgerAsync(account, cancel).ConfigureAwait(false))
        {
            if (entry.AtMs < earliest) break;
            if (entry.ReservationId == id) entries.Add(entry);
        }
        for (var i = entries.Count - 1; i >= 0; i--) history.Add(entries[i]);
        if (!history.IsFound) return null;
        var last = entries[0];
        var isOpen = history.End == EntryKind.None;
        return new ReservationReading
        {
            Id = id,
            End = history.End,
            HeldNanos = isOpen ? last.HeldAfterNanos : 0,
            HeldTokens = isOpen ? last.TokensAfter : 0,
            CommittedNanos = history.CommittedNanos,
            ReversedNanos = history.ReversedNanos,
            ReservedAtMs = history.ReservedAtMs,
            ExpiresAtMs = history.ExpiresAtMs,
            Model = history.Model,
            Tag = history.Tag,
        };
    }

    /// <summary>The account's durable entries, newest first.</summary>
    public async IAsyncEnumerable<Entry> ReadLedgerAsync(long account, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // Reading makes sure that everything decided so far is durable; the walk then starts there.
        var tail = await ReadTailAsync(account, cancel).ConfigureAwait(false);
        await foreach (var entry in _reader.WalkBackAsync(tail, cancel).ConfigureAwait(false)) yield return entry;
    }

    /// <summary>The numbers of the accounts in memory: for watching, and for metrics.</summary>
    public IEnumerable<long> Active => _activations.Select(static pair => pair.Key);

    internal IEnumerable<Activation> Activations => _activations.Select(static pair => pair.Value);

    /// <summary>True while the account is in memory: from before its first change until <see cref="HostOptions.IdleMs"/> after its last.</summary>
    public bool IsActive(long account) => _activations.ContainsKey(account);

    internal void Forget(Activation activation) =>
        _activations.TryRemove(new KeyValuePair<long, Activation>(activation.Account, activation));

    /// <summary>Brings an account into memory, so that it ends what is due.</summary>
    internal void Touch(long account) => Get(account);

    /// <summary>Ends what is being read; commands that wait for it fail.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _reads.Dispose();
    }

    private Execution Start(long account, ref Activation? found, in Command command, long nowMs)
    {
        while (true)
        {
            var activation = found ??= Get(account);
            if (activation.TryExecute(command, nowMs, out var execution)) return execution;
            Replace(activation);
            found = null;
        }
    }

    private async Task<AccountTail> ReadTailAsync(long account, CancellationToken cancel)
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
        if (_activations.TryGetValue(account, out var activation)) return activation;
        var made = new Activation(account, _context);
        activation = _activations.GetOrAdd(account, made);
        if (ReferenceEquals(activation, made)) _ = Task.Run(() => LoadAsync(made, default));
        return activation;
    }

    /// <summary>
    /// Puts a new activation in the place of one that is gone. It is read only when what the old one appended is durable or
    /// lost for certain: otherwise the two could follow the same entry with different ones.
    /// </summary>
    private void Replace(Activation gone)
    {
        var made = new Activation(gone.Account, _context);
        if (_activations.TryUpdate(gone.Account, made, gone)) _ = Task.Run(() => LoadAsync(made, gone.LastTicket));
    }

    private async Task LoadAsync(Activation activation, AppendTicket after)
    {
        try
        {
            await SettledAsync(after).ConfigureAwait(false);
            await _reads.WaitAsync(_stopping.Token).ConfigureAwait(false);
            try
            {
                activation.Start(await _reader.LoadAsync(activation.Account, _stopping.Token).ConfigureAwait(false), NowMs);
            }
            finally
            {
                _reads.Release();
            }
        }
        catch (Exception exception)
        {
            // The account cannot be served, now or at all; each caller is told the cause, and the next one tries again.
            // Neither a journal that is being recovered nor an account that was set aside is news at each command.
            if (exception is JournalUnavailableException or JournalCorruptException { IsSetAside: true }) HostLog.LoadRefused(_log, activation.Account, exception.Message);
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
