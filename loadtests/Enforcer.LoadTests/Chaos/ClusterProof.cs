using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// What is looked at when a cluster is at rest: every answer against the journal in PostgreSQL, and the journal itself: the streams' and the accounts' chains, entries, heads and
/// epochs. An account with two histories breaks at least one of them.
/// </summary>
internal static class ClusterProof
{
    public static async Task<AuditFindings> RunAsync(ChaosCluster cluster, EpochWatch epochs, Report report, CancellationToken cancellation)
    {
        var findings = await AuditStep.RunAsync(cluster.Data, cluster.AnswersFolder, report).ConfigureAwait(false);
        var streams = await cluster.Data.OpenToReadAsync(cancellation).ConfigureAwait(false);
        var verifying = new JournalVerifier(streams, LedgerOptions.Default).VerifyAsync(cancellation: cancellation);
        var verified = await Display.FollowAsync("verify: chains, entries, heads", () => 0, verifying).ConfigureAwait(false);
        foreach (var stream in streams)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        report["forks"] = verified.FindingCount + epochs.Violations.Count;
        report["verified_entries"] = verified.Entries;
        report["epoch_looks"] = epochs.Looks;
        report["moves_seen"] = epochs.Moves;
        string[] wrong = [.. verified.Findings.Select(finding => finding.What), .. epochs.Violations];
        if (wrong.Length > 0)
            report.Fail($"the histories are not sound: {string.Join("; ", wrong.Take(3))}");
        if (epochs.Looks == 0)
            report.Fail("the heads were never looked at: nothing is known of epochs");
        return findings;
    }
}
