using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Commands;

/// <summary>Ends the server of a test, so that its journal is at rest, and audits it.</summary>
internal static class Auditing
{
    public static async Task RunAsync(Arena arena, Report report)
    {
        if (arena.Server is not null)
            await arena.Server.KillAsync().ConfigureAwait(false);
        if (arena.Data is { } data)
            await AuditStep.RunAsync(data, arena.AnswersFolder, report).ConfigureAwait(false);
        else
            report.Fail("not audited: name the server's data with --data or --postgres");
    }
}
