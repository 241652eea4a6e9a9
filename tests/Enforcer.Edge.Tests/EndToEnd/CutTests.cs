using System.Net;
using System.Net.Sockets;
using Enforcer.Edge.Tests.Support;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>Streams that do not come to their end: what was served is booked, once, and nothing stays held.</summary>
public sealed class CutTests
{
    private const long Dollar = 1_000_000_000;

    [Theory]
    [InlineData(Bodies.Chat)]
    [InlineData(Bodies.Responses)]
    [InlineData(Bodies.Messages)]
    public async Task A_customer_who_leaves_is_booked_what_was_served(string path)
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 80, TokensPerSecond = 200 };
        var key = await world.CreateKeyAsync(Dollar);
        using (var leaves = new CancellationTokenSource())
        {
            using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true), leaves.Token);
            await using var stream = await answer.Content.ReadAsStreamAsync(leaves.Token);
            Assert.True(await stream.ReadAsync(new byte[64], leaves.Token) > 0);
        }
        var account = await world.SettledAsync(key);
        var served = Assert.Single(world.Upstream.Served.All);
        // Read to its end in the customer's place, so the figures are the provider's.
        Assert.True(served.IsWhole);
        Assert.Equal(Prices.Of(served), account.CommittedNanos);
        Assert.False(CommitOf(await world.LedgerAsync(key)).Priced.Estimated);
    }

    [Fact]
    public async Task Reading_on_is_bounded_in_time()
    {
        await using var world = await World.StartAsync(options => options.DrainMs = 50);
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 10_000, TokensPerSecond = 10 };
        var key = await world.CreateKeyAsync(Dollar);
        using (var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true, most: 10_000)))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EstimatedAsync(world, key);
    }

    [Fact]
    public async Task Reading_on_is_bounded_in_bytes()
    {
        await using var world = await World.StartAsync(options => options.DrainBytes = 100);
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 10_000, TokensPerSecond = 100 };
        var key = await world.CreateKeyAsync(Dollar);
        using (var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true, most: 10_000)))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EstimatedAsync(world, key);
    }

    [Theory]
    [InlineData(Bodies.Chat)]
    [InlineData(Bodies.Responses)]
    [InlineData(Bodies.Messages)]
    public async Task An_upstream_that_breaks_off_is_booked_by_a_bound(string path)
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 60, CutAfterTokens = 25, TokensPerSecond = 1_000 };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true, most: 1_000));
        // The customer must see that it is no whole answer.
        await Assert.ThrowsAnyAsync<Exception>(() => answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        await EstimatedAsync(world, key);
    }

    [Theory]
    [InlineData(Bodies.Chat, "server_error")]
    [InlineData(Bodies.Messages, "api_error")]
    public async Task An_answer_in_one_piece_that_breaks_off_is_told_as_a_failure_and_booked_at_all_that_was_granted(string path, string type)
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 60, CutAfterTokens = 25 };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false, most: 700));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(type, Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Type);
        await EstimatedAsync(world, key);
        Assert.Equal(700, CommitOf(await world.LedgerAsync(key)).Priced.Usage.Items.Single(item => item.Meter == "output").Quantity);
    }

    [Fact]
    public async Task An_answer_without_usage_is_booked_by_what_was_counted()
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 60, HidesUsage = true };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true, most: 1_000));
        await answer.Content.ReadAsStringAsync();
        await EstimatedAsync(world, key);
    }

    [Fact]
    public async Task What_reasons_out_of_sight_is_booked_at_all_that_was_granted()
    {
        await using var world = await World.StartAsync(options => options.Upstreams[0].ReasoningModels.Add("gpt-5*"));
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 500, ReasoningTokens = 450, CutAfterTokens = 1 };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true, most: 800));
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());
        await EstimatedAsync(world, key);
        Assert.Equal(800, CommitOf(await world.LedgerAsync(key)).Priced.Usage.Items.Single(item => item.Meter == "output").Quantity);
    }

    [Fact]
    public async Task An_upstream_that_cannot_be_reached_costs_nothing()
    {
        await using var world = await World.StartAsync(options => options.Upstreams[0].Url = "http://127.0.0.1:1");
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(0, (await world.SettledAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task An_upstream_that_hangs_up_at_any_moment_is_told_as_a_failure()
    {
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        using var stop = new CancellationTokenSource();
        var hangingUp = HangUpAsync(rude, stop.Token);
        await using var world = await World.StartAsync(options => options.Upstreams[0].Url = $"http://{rude.LocalEndpoint}");
        var key = await world.CreateKeyAsync(Dollar);
        for (var i = 0; i < 300; i++)
        {
            using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false, most: 1));
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.Equal("server_error", Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Type);
        }
        await stop.CancelAsync();
        await hangingUp;
    }

    [Theory]
    [InlineData(Bodies.Chat, "\"finish_reason\":\"length\"")]
    [InlineData(Bodies.Messages, "\"stop_reason\":\"max_tokens\"")]
    [InlineData(Bodies.Responses, "response.incomplete")]
    public async Task A_stream_without_bound_is_extended_and_cut_when_the_money_is_out(string path, string ending)
    {
        await using var world = await World.StartAsync(options =>
        {
            options.ExtendTokens = 200;
            foreach (var upstream in options.Upstreams)
                upstream.KeepsLimits = false;
        });
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 1_000_000, IgnoresLimit = true, TokensPerSecond = 2_000 };
        var key = await world.CreateKeyAsync(20_000_000);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true, most: 500));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Contains(ending, body[^1_000..], StringComparison.Ordinal);
        var account = await world.SettledAsync(key);
        Assert.InRange(account.CommittedNanos, 1, 20_000_000);
        Assert.Contains(await world.LedgerAsync(key), entry => entry.Kind == EntryKind.ReservationExtended);
        await Patience.UntilAsync(() => Task.FromResult(world.Upstream.Served.All.Count == 1), "the upstream's end");
    }

    [Fact]
    public async Task A_commit_that_cannot_be_delivered_is_delivered_later()
    {
        await using var world = await World.StartAsync(options => options.EnforcerTimeoutMs = 300);
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 60, TokensPerSecond = 60 };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true));
        await world.StopServerAsync();
        Assert.Contains("[DONE]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, world.Edge.OpenCalls);
        // Past a restart of the edge, too.
        await world.Edge.DisposeAsync();
        await world.StartEdgeAsync();
        Assert.Equal(1, world.Edge.OpenCalls);
        await world.StartServerAsync();
        var account = await world.SettledAsync(key);
        Assert.Equal(Prices.Of(world.Upstream.Served.All), account.CommittedNanos);
        Assert.Single(await world.LedgerAsync(key), entry => entry.Kind == EntryKind.ReservationCommitted);
    }

    /// <summary>Booked once, at no less than was served, no more than was held, and marked as estimated.</summary>
    private static async Task EstimatedAsync(World world, CreateKeyResponse key)
    {
        var account = await world.SettledAsync(key);
        await Patience.UntilAsync(() => Task.FromResult(world.Upstream.Served.All.Count == 1), "the upstream's end");
        var ledger = await world.LedgerAsync(key);
        var held = Assert.Single(ledger, entry => entry.Kind == EntryKind.ReservationMade).HeldChangeNanos;
        Assert.True(CommitOf(ledger).Priced.Estimated);
        Assert.InRange(account.CommittedNanos, Prices.Of(world.Upstream.Served.All), held);
        Assert.Equal(0, account.HeldNanos);
    }

    private static LedgerEntry CommitOf(List<LedgerEntry> ledger) => Assert.Single(ledger, entry => entry.Kind == EntryKind.ReservationCommitted);

    /// <summary>Takes connections and resets them a little later each time.</summary>
    private static async Task HangUpAsync(TcpListener listener, CancellationToken stop)
    {
        for (var spins = 0; !stop.IsCancellationRequested; spins = (spins + 997) % 200_000)
        {
            try
            {
                using var connection = await listener.AcceptSocketAsync(stop);
                Thread.SpinWait(spins);
                connection.Close(0);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
