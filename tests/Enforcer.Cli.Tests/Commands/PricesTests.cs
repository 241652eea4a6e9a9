using System.Globalization;
using Enforcer.Cli.Tests.Support;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

/// <summary>Prices, plans, statements and explanations against a whole server.</summary>
public sealed class PricesTests
{
    private const string Card =
        """
        {"seller": "upstream", "unit": "USD", "models": [
          {"provider": "maker", "model": "m1", "rates": [{"meter": "input", "price": 2, "per": 1000000}, {"meter": "output", "price": 10, "per": 1000000}]}]}
        """;

    [Fact]
    public async Task Prices_are_tried_imported_listed_shown_compared_and_set()
    {
        await using var served = await Served.StartAsync("--login");
        var file = File(served, Card);
        var tried = (await served.Cli.RunAsync("prices", "import", file, "--dry-run")).Succeeded();
        Assert.StartsWith("1 entries: 1 imported whole (100.0 %), 0 rejected. Nothing was added; it would be 1 models added, 0 changed, ", tried.Lines[^1], StringComparison.Ordinal);
        Assert.StartsWith("1 entries: 1 imported whole (100.0 %), 0 rejected. Version 2 is 1 models added", (await served.Cli.RunAsync("prices", "import", file)).Succeeded().Lines[^1], StringComparison.Ordinal);
        Assert.Matches(@"^upstream|Version 3 of upstream counts now\.", (await served.Cli.RunAsync("prices", "set", "m1", "output", "12", "--per", "1000000", "--reason", "dearer")).Succeeded().Out);
        var listed = (await served.Cli.RunAsync("prices", "list")).Succeeded().Lines;
        Assert.Equal(4, listed.Length);
        Assert.Matches(@"^ *3 now .* USD +1 .* dearer$", listed[3]);
        Assert.Matches(@"^maker +m1 +output +12 +1,000,000$", (await served.Cli.RunAsync("prices", "show", "m1")).Succeeded().Lines[^1]);
        Assert.Matches(@"^maker +m1 +output +0\.00001 +→ +0\.000012$", (await served.Cli.RunAsync("prices", "diff", "2")).Succeeded().Lines[^1]);

        var key = await served.KeyAsync("acme");
        var said = (await served.Cli.RunAsync("try", key, "--model", "m1", "--prompt", "1000", "--output", "100", "--used", "input=1000,output=50")).Succeeded().Out;
        Assert.Contains("Reserve 1,000 tokens in, 100 out  granted  $0.0032", said, StringComparison.Ordinal);
        Assert.Contains("Commit  input 1,000, output 50  granted  $0.0026 is charged and $0.0026 is its cost; the rest of the hold is free again; $4.9974 is left.", said, StringComparison.Ordinal);
        Assert.Contains("Unpriced", (await served.Cli.RunAsync("try", key, "--model", "m2", "--prompt", "10")).FailedWith(1).Out, StringComparison.Ordinal);
        (await served.Cli.RunAsync("try", key, "--model", "m1")).FailedWith(2, "--amount: give it, or --model with --prompt and --output");

        (await served.Cli.RunAsync("prices", "show", "m1", "--version", "9")).FailedWith(1, "version '9' does not exist");
        (await served.Cli.RunAsync("prices", "import", "nowhere.json")).FailedWith(2, "'nowhere.json' does not exist");
        (await served.Cli.RunAsync("prices", "set", "m1", "hope", "1")).FailedWith(1, "rate.meter 'hope' is no meter");
    }

    [Fact]
    public async Task What_is_rejected_of_a_file_is_named()
    {
        await using var served = await Served.StartAsync("--login");
        var file = File(served, """{"odd": {"litellm_provider": "p", "price_per_wish": 3}}""");
        var lines = (await served.Cli.RunAsync("prices", "import", file, "--dry-run")).Succeeded().Lines;
        Assert.StartsWith("rejected  odd: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("price_per_wish", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_as_long_as_LiteLLMs_is_imported_through_the_server_with_nothing_dropped()
    {
        await using var served = await Served.StartAsync("--login");
        var file = File(served, LongFile(entries: 2_985, oddEvery: 30));
        Assert.InRange(new FileInfo(file).Length, 1_300_000, 2_000_000);
        var lines = (await served.Cli.RunAsync("prices", "import", file)).Succeeded().Lines;
        Assert.Equal(100 + 1, lines.Length);
        for (var odd = 0; odd < 100; odd++)
            Assert.Equal($"rejected  maker/model-{odd * 30:D4}: price_per_wish: is not known", lines[odd]);
        Assert.Equal("2985 entries: 2885 imported whole (96.6 %), 100 rejected. Version 2 is 2885 models added, 0 changed, 4 removed.", lines[^1]);

        var page = (await served.Cli.RunAsync("prices", "show")).Succeeded();
        Assert.Equal(1 + (2 * 100), page.Lines.Length);
        Assert.Contains("These are the first 100 models and there are more: give a MODEL such as 'gpt-5*', --provider, or --limit none.", page.Error, StringComparison.Ordinal);
        Assert.Equal(1 + (2 * 10), (await served.Cli.RunAsync("prices", "show", "maker/model-004*")).Succeeded().Lines.Length);
        Assert.Equal(2_885, (await served.Cli.RunAsync("prices", "show", "--json")).Succeeded().Lines.Length);
        Assert.Equal(1 + 3, (await served.Cli.RunAsync("prices", "diff", "1", "--provider", "maker", "--limit", "3")).Succeeded().Lines.Length);
        Assert.Equal(1 + 2, (await served.Cli.RunAsync("prices", "diff", "1", "--model", "maker/model-0001")).Succeeded().Lines.Length);
    }

    [Fact]
    public async Task A_refused_call_is_explained_from_the_servers_memory()
    {
        await using var served = await Served.StartAsync("--login");
        var key = await served.KeyAsync("acme");
        var hint = (await served.Cli.RunAsync("try", key, "--amount", "6", "--model", "m1")).FailedWith(1).Error;
        var told = (await served.Cli.RunAsync("explain", hint.Trim().Split(' ')[^1])).Succeeded().Lines;
        Assert.EndsWith("  acme  reserve refused  m1", told[0], StringComparison.Ordinal);
        Assert.Equal("Refused: ExceedsSpendCap (life).", told[1]);
        Assert.Contains("It needed $6.00 of headroom and there was $5.00: $1.00 was missing", told[2], StringComparison.Ordinal);
        Assert.Contains("in memory alone", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_priced_by_its_plan_explained_and_stated_to_the_nano()
    {
        await using var served = await Served.StartAsync("--login");
        (await served.Cli.RunAsync("prices", "import", File(served, Card))).Succeeded();
        (await served.Cli.RunAsync("plans", "set", "agency", """[{"rule": "markup", "percent": 5}]""")).Succeeded();
        Assert.Contains("agency", (await served.Cli.RunAsync("plans", "list")).Succeeded().Out, StringComparison.Ordinal);
        var key = await served.KeyAsync("acme");
        Assert.Equal("Account acme is priced by agency.", (await served.Cli.RunAsync("accounts", "set-plan", "acme", "agency")).Succeeded().Lines[0]);
        (await served.Cli.RunAsync("accounts", "set-plan", "acme", "nowhere")).FailedWith(1, "plan 'nowhere' does not exist");
        await UseAsync(served, key);

        var entry = (await served.Cli.RunAsync("ledger", "acme", "--kind", "committed", "--json")).Succeeded().Json.Single();
        Assert.Equal((3_150_000, 3_000_000), (entry.GetProperty("committed_change_nanos").GetInt64(), entry.GetProperty("priced").GetProperty("cost_nanos").GetInt64()));
        Assert.Contains("m1; tokens 1,100; input 1,000, output 100, requests 1; cost $0.003", (await served.Cli.RunAsync("ledger", "acme", "--kind", "committed")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains(",0.003,\"input 1,000, output 100, requests 1\",false,req_1,2:", (await served.Cli.RunAsync("ledger", "acme", "--kind", "committed", "--csv")).Succeeded().Out, StringComparison.Ordinal);

        var told = (await served.Cli.RunAsync("explain", entry.GetProperty("operation_id").GetString()!)).Succeeded().Out;
        Assert.Contains("Prices: upstream, version 2", told, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^output +100 +0\.00001 +\S+ +\$0\.00105 +.*5 %", told);
        Assert.Matches(@"(?m)^as booked or held +\$0\.00315$", told);

        var month = DateTimeOffset.UtcNow.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        string[] statement = ["statement", "--wallet", "acme", "--month", month];
        Assert.Matches(@"^acme +m1 +1 +1,000 +0\.0 % +100 +0\.0 % +\$0\.003 +\$0\.00315 +\$0\.00015$", (await served.Cli.RunAsync(statement)).Succeeded().Lines[1]);
        Assert.Contains("acme,maker,m1,USD,1,1000,0,100,1100,0,input=1000 output=100 requests=1,0.003,0.00315,0,0.00015,0,0", (await served.Cli.RunAsync([.. statement, "--csv"])).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(3_150_000, (await served.Cli.RunAsync([.. statement, "--json"])).Succeeded().Json.Single().GetProperty("price_nanos").GetInt64());
        var page = (await served.Cli.RunAsync([.. statement, "--html"])).Succeeded().Out;
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Contains("<td>maker m1</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>$0.00315</td>", page, StringComparison.Ordinal);
        (await served.Cli.RunAsync([.. statement, "--html", "--csv"])).FailedWith(2, "choose one");
        (await served.Cli.RunAsync("statement", "--month", "soon")).FailedWith(1, "month 'soon' is no month");
    }

    /// <summary>Entries of LiteLLM's form and of the usual length; some have a field that nobody knows.</summary>
    private static string LongFile(int entries, int oddEvery)
    {
        var filler = string.Join(", ", Enumerable.Range(0, 16).Select(i => $"\"https://example.com/{i}\""));
        return "{" + string.Join(",\n", Enumerable.Range(0, entries).Select(i =>
            $$"""
            "maker/model-{{i:D4}}": {"litellm_provider": "maker", "mode": "chat", "input_cost_per_token": {{i + 1}}e-9, "output_cost_per_token": {{i + 1}}e-8,
              "supported_endpoints": [{{filler}}]{{(i % oddEvery == 0 ? ", \"price_per_wish\": 3" : "")}}}
            """)) + "}";
    }

    private static async Task UseAsync(Served served, string key)
    {
        var server = served.Cli.Variables["ENFORCER_SERVER"];
        var options = new EnforcerClientOptions { Endpoints = [server.Contains("://", StringComparison.Ordinal) ? server : "http://" + server], Token = await served.FirstTokenAsync() };
        await using var client = new EnforcerClient(options);
        await using var call = await client.ReserveAsync(key, "m1", new UsageEstimate { PromptTokens = 1_000, OutputTokens = 200 });
        var usage = new UsageReport
        {
            Items = { new MeteredUsage { Meter = "input", Quantity = 1_000 }, new MeteredUsage { Meter = "output", Quantity = 100 } },
            RequestId = "req_1",
        };
        (await call.EnsureGranted().CommitAsync(usage)).EnsureGranted();
    }

    private static string File(Served served, string text)
    {
        var file = Path.Combine(served.Cli.Settings, "prices.json");
        System.IO.File.WriteAllText(file, text);
        return file;
    }
}
