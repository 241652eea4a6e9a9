using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>Counts what a client without retries would see as an error.</summary>
internal sealed class NoRetry(IAccountEngine engine, Action count) : IAccountEngine
{
    public HostOptions Options => engine.Options;

    public Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs) => engine.Start(target, command, nowMs, deadlineMs);

    public ValueTask WhenDurableAsync(AppendTicket ticket) => engine.WhenDurableAsync(ticket);

    public async ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel)
    {
        try
        {
            var outcome = await engine.ExecuteAsync(account, command, cancel);
            if (outcome.Refusal is Refusal.Unavailable or Refusal.Busy) count();
            return outcome;
        }
        catch
        {
            count();
            throw;
        }
    }

    public Task<AccountReading> ReadAsync(long account, CancellationToken cancel) => engine.ReadAsync(account, cancel);

    public Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel) => engine.ReadReservationAsync(account, id, cancel);

    public IAsyncEnumerable<Entry> ReadLedgerAsync(long account, CancellationToken cancel) => engine.ReadLedgerAsync(account, cancel);

    public IAsyncEnumerable<long> ReadActiveAsync(CancellationToken cancel) => engine.ReadActiveAsync(cancel);

    public bool MayBeActive(long account) => engine.MayBeActive(account);
}
