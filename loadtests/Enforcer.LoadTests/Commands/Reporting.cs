using System.CommandLine;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Commands;

/// <summary>How every command ends: figures shown, saved if asked for, and the exit status that they deserve.</summary>
internal static class Reporting
{
    /// <summary>Runs a test to its end or to its failure; either way there is a report, and what the server printed if it failed.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Report report, Func<string?> serverOutput, Func<Task> test)
    {
        try
        {
            await test().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever ends a test early is a failure of the test, and is told as one.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            report.Fail($"ended early: {failure.Message}");
            if (serverOutput() is { Length: > 0 } output)
                Display.Say($"The server's last lines:\n{output}");
        }

        return Finish(parsed, report);
    }

    public static int Finish(ParseResult parsed, Report report)
    {
        Display.Show(report);
        if (parsed.GetValue(CommonOptions.Json) is { } file)
            report.Save(file.FullName);
        return report.IsExact ? 0 : 1;
    }

    public static void SetLoad(Report report, LoadResult result)
    {
        report.Operations = result.Operations;
        report.ThroughputPerSecond = result.PerSecond;
        report.CpuSecondsPerMillion = result.CpuPerMillion;
        report["refusals"] = result.Refusals;
        report.Set("seconds", result.Elapsed.TotalSeconds);
        report.Set("client_cpu_s_per_million", result.Cpu.ClientSeconds * 1_000_000 / Math.Max(1, result.Operations));
        report.Set("server_cpu_s_per_million", result.Cpu.ServerSeconds * 1_000_000 / Math.Max(1, result.Operations));
        report.SetLatency(result.Latency);
        report.Set("reserve_p50_us", result.ReserveLatency.Percentile(50) / 1_000.0);
        report.Set("reserve_p99_us", result.ReserveLatency.Percentile(99) / 1_000.0);
    }
}
