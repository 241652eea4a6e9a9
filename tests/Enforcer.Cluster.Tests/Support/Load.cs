using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>
/// Clients that reserve and commit at whichever node they please, ask again with the same id when they get no answer, and remember what they were told; and
/// the comparison of that with the journal.
/// </summary>
internal sealed class Load(int accounts, long capNanos, Func<int, IAccountEngine> pick)
{
    private readonly long[] _charged = new long[accounts + 1];
    private readonly List<Task> _clients = [];
    private volatile bool _isStopping;
    private long _cycles;
    private long _refused;
    private long _slowestMs;

    public long Cycles => Interlocked.Read(ref _cycles);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The longest that a command took until it had its true answer.</summary>
    public long SlowestMs => Interlocked.Read(ref _slowestMs);

    public async Task OpenAsync()
    {
        for (var account = 1L; account <= accounts; account++)
            Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => pick((int)account), account, Money.Open(capNanos))).Refusal);
    }

    public void Start(int clients)
    {
        for (var i = 0; i < clients; i++)
        {
            var client = i;
            _clients.Add(Task.Run(() => RunAsync(client)));
        }
    }

    /// <summary>Waits until so many more cycles have been done.</summary>
    public Task CyclesAsync(long more)
    {
        var until = Cycles + more;
        return Eventually.Async(() => Cycles >= until || _clients.Exists(client => client.IsFaulted), $"{until} cycles were done");
    }

    public Task StopAsync()
    {
        _isStopping = true;
        return Task.WhenAll(_clients);
    }

    /// <summary>What the clients were told is what the journal says, no cap was exceeded, and each account has one history.</summary>
    public async Task AuditAsync(TestNode node)
    {
        for (var account = 1L; account <= accounts; account++)
        {
            var entries = await node.Engine.ReadLedgerAsync(account).ToListAsync();
            Assert.Equal(Enumerable.Range(1, entries.Count).Select(seq => (long)seq), entries.Select(entry => entry.Seq).Reverse());
            Assert.Equal(entries.Count, entries.Select(entry => entry.OperationId).Distinct().Count());
            var committed = entries.Where(entry => entry.Kind == EntryKind.Committed).Sum(entry => entry.CommittedDeltaNanos);
            Assert.Equal(_charged[account], committed);
            Assert.InRange(committed, 0, capNanos);
            var reading = await node.Engine.ReadAsync(account);
            Assert.Equal((committed, 0L), (reading.CommittedNanos, reading.HeldNanos));
        }
    }

    private async Task RunAsync(int client)
    {
        var random = new Random(client);
        while (!_isStopping)
        {
            var account = random.Next(1, accounts + 1);
            var reserve = Money.Reserve(7);
            var granted = await TimedAsync(random, account, reserve);
            if (!granted.IsGranted)
            {
                Assert.Contains(granted.Refusal, (Refusal[])[Refusal.ExceedsSpendCap, Refusal.ExceedsSpendCapInFlight]);
                Interlocked.Increment(ref _refused);
                continue;
            }
            var outcome = await TimedAsync(random, account, Money.Commit(reserve.OperationId, 5));
            Assert.Equal((Refusal.Granted, 5L), (outcome.Refusal, outcome.ChargedNanos));
            Interlocked.Add(ref _charged[account], 5);
            Interlocked.Increment(ref _cycles);
        }
    }

    private async Task<Outcome> TimedAsync(Random random, long account, Ledger.Commands.Command command)
    {
        var started = TimeProvider.System.GetTimestamp();
        var outcome = await Money.DoAsync(() => pick(random.Next()), account, command);
        var tookMs = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        if (tookMs > Interlocked.Read(ref _slowestMs)) Interlocked.Exchange(ref _slowestMs, tookMs);
        return outcome;
    }
}
