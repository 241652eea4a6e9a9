using System.Text.Json.Nodes;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Gateway;

/// <summary>
/// Many streams at once on one key, whose cap is a part of what they would spend; whoever is told that money is in flight tries again. Nothing is spent above it, what is refused had to be, what is
/// booked is what was served, and a second after the last stream nothing is held.
/// </summary>
internal static class CapsProof
{
    private const int MaxTokens = 200;

    // The prompt in bytes, and what is stated on top, is below this; the least output that the edge reserves for is 16 tokens.
    private const long MostPromptTokens = 400;
    private const long LeastOutputTokens = 16;
    private static readonly TimeSpan HeldAtMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly int[] Percents = [10, 50, 100];

    public static async Task RunAsync(GatewayArena arena, int streams, Report report, CancellationToken cancellation)
    {
        using var customer = new Customer(arena.Edge.Address);
        var work = await SpendAsync(arena, customer, streams, long.MaxValue / 1_024, cancellation).ConfigureAwait(false);
        report["caps_work_nanos"] = work.Committed;
        var runs = new JsonArray();
        foreach (var percent in Percents)
        {
            var cap = work.Committed * percent / 100;
            var run = await SpendAsync(arena, customer, streams, cap, cancellation).ConfigureAwait(false);
            Check(report, percent, cap, run);
            runs.Add(new JsonObject
            {
                ["cap_percent"] = percent,
                ["whole"] = run.Ends.GetValueOrDefault(CallEnd.Whole),
                ["no_money"] = run.Ends.GetValueOrDefault(CallEnd.NoMoney),
                ["told_to_wait"] = run.Waits,
                ["spent_percent"] = Math.Round(100.0 * run.Committed / cap, 2),
            });
        }

        report["caps"] = runs;
    }

    private static void Check(Report report, int percent, long cap, Spending run)
    {
        var what = $"with a cap of {percent}% of the work";
        report.Operations += run.Ends.Values.Sum();
        report.OverspendNanos += Math.Max(0, run.Committed - cap);
        if (run.Committed != run.Served)
            report.Fail($"{what}, {run.Committed} nanos were booked and {run.Served} served");
        if (run.Held != 0)
            report.Fail($"{what}, {run.Held} nanos were held {HeldAtMost.TotalSeconds:0} s after the last stream");
        if (run.Ends.Keys.Any(end => end is not (CallEnd.Whole or CallEnd.NoMoney)))
            report.Fail($"{what}, calls ended as {string.Join(", ", run.Ends.Keys)}");
        // What is committed never shrinks, so a refusal for want of money must still be right at the end.
        if (run.Ends.ContainsKey(CallEnd.NoMoney) && cap - run.Committed >= ServedPrices.BoundOf(MostPromptTokens, LeastOutputTokens))
            report.Fail($"{what}, a call was refused although {cap - run.Committed} nanos were left");
        if (!run.Ends.ContainsKey(CallEnd.Whole))
            report.Fail($"{what}, no call passed");
    }

    private static async Task<Spending> SpendAsync(GatewayArena arena, Customer customer, int streams, long cap, CancellationToken cancellation)
    {
        var key = await arena.CreateKeyAsync(cap).ConfigureAwait(false);
        var before = arena.Upstream.Served.All.Count;
        var waits = 0;
        var ends = await Task.WhenAll(Enumerable.Range(0, streams).Select(async _ =>
        {
            CallEnd end;
            while ((end = await customer.CallAsync(key.Secret, stream: true, MaxTokens).ConfigureAwait(false)) == CallEnd.InFlight)
            {
                Interlocked.Increment(ref waits);
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            }

            return end;
        })).ConfigureAwait(false);
        await arena.SettleAsync([key], HeldAtMost, cancellation).ConfigureAwait(false);
        var account = await arena.ViewAsync(key).ConfigureAwait(false);
        var served = arena.Upstream.Served.All.Skip(before).Sum(ServedPrices.Of);
        return new Spending(ends.CountBy(end => end).ToDictionary(), waits, account.CommittedNanos, account.HeldNanos, served);
    }

    private sealed record Spending(Dictionary<CallEnd, int> Ends, int Waits, long Committed, long Held, long Served);
}
