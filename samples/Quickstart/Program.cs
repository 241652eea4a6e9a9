// An edge in miniature: reserve before the call to the upstream, commit what it really cost after it. README.md says how to run it.
using Enforcer.Client;
using Microsoft.Extensions.DependencyInjection;

const long NanosPerToken = 10_000; // $10 per million tokens
const long MaxTokens = 2_000;
const long FewestTokens = 100; // an answer shorter than this is of no use

var key = args.FirstOrDefault() ?? Environment.GetEnvironmentVariable("ENFORCER_KEY");
var token = Environment.GetEnvironmentVariable("ENFORCER_TOKEN");
if (key is null || token is null)
{
    Console.Error.WriteLine("Pass the customer's key (enf_live_…) and set ENFORCER_TOKEN to an edge's token; `enforcer keys create --cap 5` and `enforcer tokens create --role edge` make them.");
    return 2;
}

var services = new ServiceCollection();
services.AddEnforcerClient(options =>
{
    options.Endpoints = [Environment.GetEnvironmentVariable("ENFORCER_ENDPOINT") ?? "http://127.0.0.1:7070"];
    options.Token = token;
});
await using var provider = services.BuildServiceProvider();
var enforcer = provider.GetRequiredService<IEnforcerClient>();

try
{
    // The most that the call can cost. Near the cap less is held, down to what is still of use.
    var options = new ReserveOptions { AtLeastNanos = FewestTokens * NanosPerToken, Model = "gpt-5.5-mini" };
    await using var reservation = await enforcer.ReserveAsync(key, MaxTokens * NanosPerToken, options);
    if (!reservation.IsGranted)
    {
        Console.WriteLine($"refused    {reservation.Refusal}");
        return 1;
    }
    var maxTokens = reservation.HeldNanos / NanosPerToken;
    Console.WriteLine($"reserved   {Money.Format(reservation.HeldNanos)} for at most {maxTokens} tokens, until {reservation.ExpiresAt:HH:mm:ss}");

    // If this throws, leaving the block charges the hold, because the upstream may have charged for it: see OnDispose.
    var used = await CallUpstreamAsync(maxTokens);

    var answer = await reservation.CommitAsync(used * NanosPerToken, used);
    Console.WriteLine($"committed  {Money.Format(answer.ChargedNanos)} for {used} tokens; {Left(answer.HeadroomNanos)}");
    return 0;
}
catch (EnforcerException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 3;
}

static string Left(long? headroomNanos) => headroomNanos is { } nanos ? $"{Money.Format(nanos)} is left" : "the key has no cap";

// Stands for the model: answers with at most so many tokens, and reports how many it used.
static async Task<long> CallUpstreamAsync(long maxTokens)
{
    await Task.Delay(200);
    return Random.Shared.NextInt64(1, maxTokens + 1);
}
