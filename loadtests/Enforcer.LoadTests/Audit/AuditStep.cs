using System.Text.Json;
using System.Text.Json.Nodes;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Audit;

/// <summary>The audit as the last step of a load test, or later on kept files: runs it and puts its findings into a report.</summary>
internal static class AuditStep
{
    /// <summary>Beside the answers: which accounts must have run dry, and at which request.</summary>
    private const string SmallestFile = "smallest.json";

    public static void SaveSmallest(string answersFolder, IReadOnlyDictionary<int, long> smallest)
    {
        Directory.CreateDirectory(answersFolder);
        File.WriteAllText(Path.Combine(answersFolder, SmallestFile), JsonSerializer.Serialize(smallest));
    }

    public static async Task<AuditFindings> RunAsync(DataPlace data, string answersFolder, Report report)
    {
        var path = Path.Combine(answersFolder, SmallestFile);
        var smallest = File.Exists(path)
            ? JsonSerializer.Deserialize<Dictionary<int, long>>(await File.ReadAllTextAsync(path).ConfigureAwait(false))!
            : [];
        var work = Task.Run(() => JournalAudit.Run(JournalFacts.Read(data), AnswerLog.ReadAll(answersFolder), smallest));
        var findings = await Display.FollowAsync("audit: every answer against the journal", () => 0, work).ConfigureAwait(false);
        Put(findings, smallest.Count, report);
        return findings;
    }

    private static void Put(AuditFindings findings, int exhausted, Report report)
    {
        report.OverspendNanos = findings.OverspendNanos;
        report.LostAnswers = findings.LostAnswers;
        report.DoubleEffects = findings.DoubleEffects;
        report["audited_entries"] = findings.Entries;
        report["audited_answers"] = findings.Answers;
        report["audited_accounts"] = findings.Accounts;
        report["committed_nanos"] = findings.CommittedNanos;
        report["late_copies"] = findings.LateCopies;
        report["open_reservations"] = findings.OpenReservations;
        report["overdue_reservations"] = findings.OverdueReservations;
        report["broken_entries"] = findings.BrokenEntries;
        report["sum_difference_nanos"] = findings.SumDifferenceNanos;
        report["caps_to_exhaust"] = exhausted;
        report["caps_not_exhausted"] = findings.Unexhausted;
        report["audit_examples"] = new JsonArray([.. findings.Examples.Select(example => (JsonNode)example)]);
        if (!findings.IsClean)
            report.Fail($"the audit is not clean: {string.Join("; ", findings.Examples.Take(3))}");
        if (findings.Answers == 0)
            report.Fail("the audit saw no answer: nothing was proved");
    }
}
