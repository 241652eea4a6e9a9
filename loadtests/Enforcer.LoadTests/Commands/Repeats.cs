using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>Asks once more for answers that were given: the same ids must bring the same answers.</summary>
internal static class Repeats
{
    private const int Most = 20_000;

    public static async Task RunAsync(Target target, string answersFolder, int accounts, Report report, CancellationToken cancellation)
    {
        var granted = AnswerLog.ReadAll(answersFolder).Where(answer => answer.IsGranted && answer.Verb != (byte)EdgeVerb.Reserve).ToList();
        var step = Math.Max(1, granted.Count / Most);
        // Those of one account together: the server looks through an account's past once for all that it is asked about at a time.
        var sample = granted.Where((_, i) => i % step == 0).OrderBy(answer => answer.Account).ToList();
        using var channel = EdgeChannel.Open(target);
        var asking = new RepeatCaller(channel, AccountNames.Utf8(accounts));
        var different = await Display.FollowAsync($"asking again for {sample.Count:N0} answers", () => 0,
            asking.CountDifferentAsync(sample, cancellation)).ConfigureAwait(false);
        report["repeated_commands"] = sample.Count;
        report["repeated_differently"] = different;
        if (different > 0)
            report.Fail($"{different} commands were answered differently when they were sent again");
    }
}
