using System.CommandLine;
using Enforcer.SimulatedUpstream;

var defaults = new UpstreamOptions();
Option<string> listen = new("--listen") { Description = "Where it listens; port 0 for a free one", HelpName = "IP:PORT", DefaultValueFactory = _ => defaults.Listen };
Option<string> secret = new("--secret") { Description = "What callers must present; empty for nothing", DefaultValueFactory = _ => defaults.Secret };
var latency = Number("--latency-ms", "How long a call waits before its first byte", defaults.LatencyMs);
var pace = Number("--tokens-per-second", "How fast a stream runs; 0 for as fast as it can be sent", defaults.TokensPerSecond);
var piece = Number("--tokens-per-event", "Tokens in one event of a stream", defaults.TokensPerEvent);
var least = Number("--least-output", "The fewest tokens a call generates", defaults.LeastOutputTokens);
var most = Number("--most-output", "The most tokens a call generates", defaults.MostOutputTokens);
var cached = Number("--cached-percent", "The share of each prompt that is read from the cache", defaults.CachedPercent);
var written = Number("--cache-write-percent", "The share of each prompt that is written to each cache; Anthropic only", defaults.CacheWritePercent);
var reasoning = Number("--reasoning-percent", "The share of what is generated that is reasoning", defaults.ReasoningPercent);
var cut = Number("--cut-percent", "Of a hundred calls, how many are cut off in the middle", defaults.CutPercent);
var error = Number("--error-percent", "Of a hundred calls, how many fail with status 500", defaults.ErrorPercent);
var seed = Number("--seed", "Decides every random draw", defaults.Seed);
var root = new RootCommand("An upstream that speaks the protocols of OpenAI and Anthropic, generates words, and counts exactly what it served: GET /simulated/served, a line a call, and /simulated/total.")
{
    listen, secret, latency, pace, piece, least, most, cached, written, reasoning, cut, error, seed,
};
root.SetAction(async (parsed, cancellation) =>
{
    await using var upstream = await UpstreamServer.StartAsync(new UpstreamOptions
    {
        Listen = parsed.GetRequiredValue(listen),
        Secret = parsed.GetRequiredValue(secret),
        LatencyMs = parsed.GetValue(latency),
        TokensPerSecond = parsed.GetValue(pace),
        TokensPerEvent = parsed.GetValue(piece),
        LeastOutputTokens = parsed.GetValue(least),
        MostOutputTokens = parsed.GetValue(most),
        CachedPercent = parsed.GetValue(cached),
        CacheWritePercent = parsed.GetValue(written),
        ReasoningPercent = parsed.GetValue(reasoning),
        CutPercent = parsed.GetValue(cut),
        ErrorPercent = parsed.GetValue(error),
        Seed = parsed.GetValue(seed),
    });
    Console.WriteLine($"The simulated upstream is ready on {upstream.Address.GetLeftPart(UriPartial.Authority)}");
    await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
});
return await root.Parse(args).InvokeAsync();

static Option<int> Number(string name, string description, int byDefault) =>
    new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => byDefault };
