// An edge in miniature: reserve before the call to the upstream, commit what it really cost after it.
//   ENFORCER_TOKEN=enf_edge_... dotnet run --project samples/Quickstart -- enf_live_...
using Enforcer.Client;
using Microsoft.Extensions.DependencyInjection;

var key = args.FirstOrDefault() ?? Environment.GetEnvironmentVariable("ENFORCER_KEY");
if (key is null)
{
    Console.Error.WriteLine("Pass the customer's key (enf_live_...) as argument or in ENFORCER_KEY; `enforcer keys create --cap $5` makes one.");
    return 2;
}

var services = new ServiceCollection();
services.AddEnforcerClient(options =>
{
    options.Endpoints = [Environment.GetEnvironmentVariable("ENFORCER_ENDPOINT") ?? "http://127.0.0.1:7070"];
    options.Token = Environment.GetEnvironmentVariable("ENFORCER_TOKEN") ?? "";
});
await using var provider = services.BuildServiceProvider();
var enforcer = provider.GetRequiredService<IEnforcerClient>();

// The most that the call can cost: 2,000 tokens at $10 per million.
await using var reservation = await enforcer.ReserveAsync(key, Money.Parse("$0.02").Nanos, new() { Tokens = 2_000, Model = "gpt-5.5-mini" });
if (!reservation.IsGranted)
{
    Console.WriteLine($"refused: {reservation.Refusal}");
    return 1;
}
Console.WriteLine($"reserved {Money.Format(reservation.HeldNanos)}, expires {reservation.ExpiresAt:HH:mm:ss}");

var tokens = await CallUpstreamAsync();
var answer = await reservation.CommitAsync(costNanos: tokens * 10_000, tokens);
Console.WriteLine($"committed {Money.Format(answer.ChargedNanos)} for {tokens} tokens"
    + (answer.HeadroomNanos is { } headroom ? $", headroom {Money.Format(headroom)}" : ""));
return 0;

// Stands for the model's answer and the usage that it reports.
static async Task<long> CallUpstreamAsync()
{
    await Task.Delay(200);
    return 1_234;
}
