using System.Diagnostics;
using Enforcer.Client.Tests.Support;

namespace Enforcer.Client.Tests.EndToEnd;

/// <summary>The sample does what its README shows.</summary>
public sealed class QuickstartTests(RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task It_reserves_and_commits_and_asks_for_less_when_the_key_is_nearly_empty()
    {
        var key = await server.CreateKeyAsync(Money.Parse("$0.015").Nanos);
        var (code, output, error) = await RunAsync(key.Secret, server.EdgeToken);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^reserved   \$0\.015 for at most 1500 tokens, until \d\d:\d\d:\d\d\r?\ncommitted  \$0\.\d+ for \d+ tokens; \$0\.\d+ is left\r?\n$", output);
        var view = await server.ViewAsync(key);
        Assert.Equal((0, 0), (view.HeldNanos, view.CommittedNanos % 10_000));
        Assert.True(view.CommittedNanos > 0);
    }

    [Fact]
    public async Task It_says_why_it_was_refused()
    {
        var key = await server.CreateKeyAsync(Money.Parse("$0.0005").Nanos);
        var (code, output, _) = await RunAsync(key.Secret, server.EdgeToken);
        Assert.Equal(1, code);
        Assert.Equal("refused    ExceedsSpendCap: A spend cap has less headroom than asked for; ask for less, or have the cap raised.", output.TrimEnd());
    }

    [Fact]
    public async Task It_says_what_it_needs()
    {
        var (code, _, error) = await RunAsync("enf_live_x", token: null);
        Assert.Equal(2, code);
        Assert.Contains("ENFORCER_TOKEN", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync("enf_live_x", "enf_edge_wrong");
        Assert.Equal(3, code);
        Assert.Contains("Set Token", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string key, string? token)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Quickstart.dll"), key])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ENFORCER_ENDPOINT"] = server.Address.ToString();
        start.Environment["ENFORCER_TOKEN"] = token;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().Within();
        return (process.ExitCode, await output, await error);
    }
}
