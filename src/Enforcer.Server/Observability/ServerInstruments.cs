using System.Diagnostics.Metrics;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Server.Nodes;
using Enforcer.Telemetry;

namespace Enforcer.Server.Observability;

/// <summary>What a server tells about itself. All but the times of calls is observed when somebody looks; commands pay for none of it.</summary>
internal sealed class ServerInstruments : IDisposable
{
    private const string MeterName = "Enforcer";

    /// <summary>The meters that a server tells about: its own, that of the journal under it, and those of what makes the cluster.</summary>
    public static readonly IReadOnlyList<string> Meters = [MeterName, "Enforcer.Journal", ClusterInstruments.MeterName, "Microsoft.Orleans"];

    private readonly Meter _meter = new(MeterName);

    public ServerInstruments(CommandTally tally, AccountHost host, GroupCommit journal, TimeProvider clock)
    {
        Times = new CallTimes(_meter, clock);
        _meter.CreateObservableCounter("enforcer.commands", tally.Read, "{command}", "Commands of edges, by kind and outcome.");
        _meter.CreateObservableGauge("enforcer.accounts.active", () => (long)host.ActiveAccounts, "{account}", "Accounts in memory.");
        _meter.CreateObservableCounter("enforcer.journal.batches", () => journal.DurableBatch - BatchNumber.OriginOf(journal.DurableBatch), "{batch}", "Batches made durable, over the life of the journal.");
        _meter.CreateObservableGauge("enforcer.journal.heads_lagging", () => (long)journal.Heads.Lagging, "{account}", "Accounts whose head is behind the journal.");
        _meter.CreateObservableGauge(
            "enforcer.journal.heads_lag_batches", () => journal.DurableBatch - journal.Heads.CoveredThrough, "{batch}", "Batches that heads do not cover yet.");
        _meter.CreateObservableGauge(
            "enforcer.journal.damaged_accounts", () => (long)journal.Heads.Damaged.Count, "{account}", "Accounts that are not served because their journals are damaged.");
        _meter.CreateObservableGauge("enforcer.journal.ready", () => journal.LastError is null ? 1L : 0L, description: "1 while the journal can be written.");
        _meter.CreateObservableCounter("enforcer.journal.losses", () => (long)journal.Generation, "{loss}", "Times that records were lost before they were durable.");
        ProcessInstruments.AddTo(_meter);
    }

    /// <summary>Measures calls.</summary>
    public CallTimes Times { get; }

    public void Dispose() => _meter.Dispose();
}
