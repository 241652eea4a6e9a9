using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Tests;

public sealed class TrafficTests
{
    [Fact]
    public void A_trace_is_read_in_order_of_arrival()
    {
        var rows = TraceFile.Read(new StringReader("""
            TIMESTAMP,ContextTokens,GeneratedTokens
            2023-11-16 18:15:46.6805900,374,44
            2023-11-16 18:15:50.9951690,396,109
            """));

        Assert.Equal(2, rows.Count);
        Assert.Equal(new TraceRow(TimeSpan.Zero, 374, 44), rows[0]);
        Assert.Equal(TimeSpan.FromTicks(43_145_790), rows[1].At);
    }

    [Theory]
    [InlineData("A,B,C\n", "line 1")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\n", "no requests")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,1\n", "TIMESTAMP 'yesterday'")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,-1,1\n", "ContextTokens '-1'")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,1\n", "2 fields")]
    public void A_malformed_trace_is_refused_by_line_and_field(string text, string expected)
    {
        var failure = Assert.Throws<FormatException>(() => TraceFile.Read(new StringReader(text)));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_keeps_to_the_published_distribution()
    {
        var rows = TraceGenerator.Generate(TraceGenerator.PublishedRequests, seed: 1);

        // Published: 3,502 s, 1,155 context tokens and 211 generated tokens on average, medians 1,020 and 129.
        Assert.InRange(rows[^1].At.TotalSeconds, 3_300, 3_700);
        Assert.InRange(rows.Average(row => row.ContextTokens), 1_100, 1_200);
        Assert.InRange(rows.Average(row => row.GeneratedTokens), 200, 220);
        Assert.InRange(rows.Select(row => row.ContextTokens).Order().ElementAt(rows.Count / 2), 980, 1_050);
        Assert.InRange(rows.Select(row => row.GeneratedTokens).Order().ElementAt(rows.Count / 2), 120, 140);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_plan()
    {
        var (first, second) = (TraceGenerator.Generate(1_000, seed: 7), TraceGenerator.Generate(1_000, seed: 7));
        Assert.Equal(first, second);
        Assert.NotEqual(first, TraceGenerator.Generate(1_000, seed: 8));
        Assert.Equal(new ReplayPlan(first, 50, seed: 3).Caps, new ReplayPlan(second, 50, seed: 3).Caps);
    }

    [Fact]
    public void Every_key_of_a_plan_has_a_cap_between_a_tenth_and_nine_tenths_of_what_it_would_spend()
    {
        var plan = new ReplayPlan(TraceGenerator.Generate(5_000, seed: 1), 500, seed: 1);

        Assert.All(plan.Caps, cap => Assert.InRange((decimal)cap.Value / plan.TrueTotals[cap.Key], 0.0999m, 0.9m));
    }

    [Fact]
    public void What_a_request_reserves_is_never_less_than_what_it_costs() =>
        Assert.All(TraceGenerator.Generate(5_000, seed: 2), row => Assert.True(TracePrices.BoundNanos(row) >= TracePrices.CostNanos(row)));

    [Fact]
    public void Zipf_shares_fall_with_the_rank_and_add_up()
    {
        var zipf = new Zipf(100);

        Assert.Equal(1, Enumerable.Range(0, 100).Sum(zipf.Share), precision: 9);
        Assert.Equal(2, zipf.Share(0) / zipf.Share(1), precision: 9);
        var random = new Random(1);
        var first = Enumerable.Range(0, 100_000).Count(_ => zipf.Next(random) == 0);
        Assert.InRange(first / 100_000.0, zipf.Share(0) * 0.95, zipf.Share(0) * 1.05);
    }

    [Fact]
    public void Operation_ids_are_uuids_of_version_7_and_never_repeat()
    {
        var ids = new OperationIds(new Random(1), TimeProvider.System);
        var other = new OperationIds(new Random(2), TimeProvider.System);
        var made = new HashSet<UInt128>();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(made.Add(ids.Next()));
            Assert.True(made.Add(other.Next()));
        }

        Assert.All(made, id => Assert.Equal((7, 2), ((int)((id >> 76) & 15), (int)((id >> 62) & 3))));
    }
}
