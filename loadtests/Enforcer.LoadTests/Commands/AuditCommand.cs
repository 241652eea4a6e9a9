using System.CommandLine;
using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Commands;

/// <summary><c>audit</c>: the answers of an earlier test against the journal of its server.</summary>
internal static class AuditCommand
{
    private static readonly Option<DirectoryInfo> Folder = new("--data")
    {
        Description = "The folder that a test was given with --data: it holds data/ and answers/",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("audit", """
            Holds every answer that every client got against the journal

            Example:
              hammer --accounts 100 --operations 1000000 --data /tmp/run
              audit --data /tmp/run --json audit.json
            """) { Folder, CommonOptions.Postgres, CommonOptions.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(Folder).FullName;
        var report = new Report("audit");
        await AuditStep.RunAsync(
            parsed.GetValue(CommonOptions.Postgres) is { } postgres ? DataPlace.On(postgres) : DataPlace.In(Path.Combine(folder, "data")), Path.Combine(folder, "answers"), report).ConfigureAwait(false);
        return Reporting.Finish(parsed, report);
    }
}
