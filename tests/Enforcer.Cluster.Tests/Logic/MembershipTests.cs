using Enforcer.Testing;

namespace Enforcer.Cluster.Tests.Logic;

public sealed class MembershipTests
{
    private static readonly ClusterOptions Options = new() { Node = "n1" };
    private readonly ManualClock _clock = new();
    private readonly Dictionary<string, long> _beats = new() { ["n1"] = 1, ["n2"] = 1, ["n3"] = 1 };

    [Fact]
    public void A_node_whose_heartbeat_stops_is_dead_after_so_long_and_not_before()
    {
        var sightings = new Sightings(Options, _clock);
        Look(sightings, "n1", "n2", "n3");
        for (var passed = Options.Beat; passed < Options.DeadAfter; passed += Options.Beat) Assert.All(Look(sightings, "n1", "n3"), node => Assert.True(node.IsLiving));
        Assert.Equal(["n2"], Look(sightings, "n1", "n3").Where(node => !node.IsLiving).Select(node => node.Node));
        Assert.All(Look(sightings, "n1", "n2", "n3"), node => Assert.True(node.IsLiving));
    }

    [Fact]
    public void Who_did_not_look_takes_nobody_for_dead()
    {
        var sightings = new Sightings(Options, _clock);
        Look(sightings, "n1", "n2", "n3");
        // Frozen, or the registry away: nobody's heartbeat has moved when it looks again.
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.All(Look(sightings), node => Assert.True(node.IsLiving));
        Assert.All(Look(sightings), node => Assert.True(node.IsLiving));
    }

    [Fact]
    public void Who_looks_late_again_and_again_finds_out_all_the_same()
    {
        var sightings = new Sightings(Options, _clock);
        Look(sightings, "n1", "n2", "n3");
        // Each late look counts for one beat, however late it is.
        for (var looks = 1; Options.Beat * looks < Options.DeadAfter; looks++)
        {
            _clock.Advance(Options.Beat * 4);
            Assert.All(Look(sightings, "n1", "n3"), node => Assert.True(node.IsLiving));
        }
        _clock.Advance(Options.Beat * 4);
        Assert.Equal(["n2"], Look(sightings, "n1", "n3").Where(node => !node.IsLiving).Select(node => node.Node));
    }

    [Fact]
    public void Another_process_of_the_same_name_is_another_life()
    {
        var sightings = new Sightings(Options, _clock);
        var before = new MemberRow { Node = "n2", Beats = 5, Beat = new MemberBeat { Node = "n2", Mark = Guid.NewGuid() } };
        sightings.Look([before]);
        for (var i = 0; i < 12; i++)
        {
            _clock.Advance(Options.Beat);
            sightings.Look([before]);
        }
        Assert.False(Assert.Single(sightings.Look([before])).IsLiving);
        Assert.True(Assert.Single(sightings.Look([before with { Beat = before.Beat with { Mark = Guid.NewGuid() } }])).IsLiving);
    }

    [Fact]
    public void Accounts_spread_evenly_and_only_those_move_that_must()
    {
        var three = Places("n1", "n2", "n3");
        var four = Places("n1", "n2", "n3", "n4");
        Assert.All(three.GroupBy(place => place), share => Assert.InRange(share.Count(), 3_100, 3_570));
        Assert.All(four.GroupBy(place => place), share => Assert.InRange(share.Count(), 2_350, 2_650));
        Assert.All(three.Zip(four).Where(pair => pair.First != pair.Second), pair => Assert.Equal("n4", pair.Second));
    }

    [Fact]
    public void Nodes_that_drain_or_do_not_serve_get_nothing()
    {
        var view = new ClusterView(
        [
            Serving("n1"), Serving("n2") with { Row = Serving("n2").Row with { IsDraining = true } }, Serving("n3") with { IsLiving = false },
            Serving("n4") with { Row = Serving("n4").Row with { Standing = NodeStanding.Replaced } },
        ]);
        Assert.Equal("n1", view.Places);
        Assert.Null(ClusterView.Empty.PlaceOf(1));
    }

    [Theory]
    [InlineData(250, 900, 1_250)]
    [InlineData(250, 1_400, 1_250)]
    [InlineData(250, 2_000, 400)]
    [InlineData(1, 2_000, 1_250)]
    public void Times_that_do_not_fit_together_are_refused(int beatMs, int deadMs, int leaseMs) => Assert.Throws<ArgumentException>(() => (Options with
    {
        Beat = TimeSpan.FromMilliseconds(beatMs),
        DeadAfter = TimeSpan.FromMilliseconds(deadMs),
        Lease = TimeSpan.FromMilliseconds(leaseMs),
    }).Validate());

    [Fact]
    public void A_proof_is_good_for_one_node_and_one_secret()
    {
        var secret = new PeerSecret("0123456789abcdef"u8);
        Assert.True(secret.IsProof(new PeerSecret("0123456789abcdef"u8).ProofFor("n1"), "n1"));
        Assert.False(secret.IsProof(secret.ProofFor("n2"), "n1"));
        Assert.False(secret.IsProof(new PeerSecret("0123456789abcdeg"u8).ProofFor("n1"), "n1"));
        Assert.False(secret.IsProof(null, "n1"));
        Assert.Throws<ArgumentException>(() => new PeerSecret("short"u8));
    }

    private static ClusterNodeView Serving(string node) => new(
        new MemberRow { Node = node, Standing = NodeStanding.Living, Beat = new MemberBeat { Node = node, Mark = Guid.NewGuid(), Address = new Uri("http://" + node) } }, true);

    private static List<string?> Places(params string[] nodes)
    {
        var view = new ClusterView([.. nodes.Select(Serving)]);
        return [.. Enumerable.Range(1, 10_000).Select(account => view.PlaceOf(account))];
    }

    private IReadOnlyList<ClusterNodeView> Look(Sightings sightings, params string[] beating)
    {
        foreach (var node in beating) _beats[node]++;
        _clock.Advance(Options.Beat);
        return sightings.Look([.. _beats.Select(pair => new MemberRow { Node = pair.Key, Beats = pair.Value })]);
    }
}
