using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Tests;

public sealed class FleetTests : IDisposable
{
    private const int Edges = 4;
    private const int CyclesPerEdge = 200;

    private readonly string _answers = Directory.CreateTempSubdirectory("fleet-").FullName;

    public void Dispose() => Directory.Delete(_answers, recursive: true);

    [Theory]
    [InlineData(EdgeMode.Session, 0)]
    [InlineData(EdgeMode.Session, 5)]
    [InlineData(EdgeMode.Sdk, 0)]
    [InlineData(EdgeMode.Unary, 0)]
    [InlineData(EdgeMode.Unary, 50)]
    [InlineData(EdgeMode.Mixed, 7)]
    internal async Task Every_command_is_answered_once_however_often_the_server_breaks(EdgeMode mode, int breaksAfter)
    {
        await using var server = await ToyServer.StartAsync(breaksAfter);
        var fleet = NewFleet(server, mode);

        var result = await fleet.RunAsync(null, CancellationToken.None);

        var answers = AnswerLog.ReadAll(_answers).ToList();
        Assert.Equal(Edges * CyclesPerEdge * 2, result.Operations);
        Assert.Equal(result.Operations, answers.Count);
        Assert.Equal(result.Operations, answers.Select(answer => answer.Id).Distinct().Count());
        Assert.Equal(result.Operations, server.Effects);
        Assert.Equal(breaksAfter > 0, fleet.Retries > 0 && server.Repeats > 0);
    }

    [Fact]
    public async Task A_commit_names_the_reservation_of_its_own_cycle()
    {
        await using var server = await ToyServer.StartAsync(3);
        await NewFleet(server, EdgeMode.Session).RunAsync(null, CancellationToken.None);

        var answers = AnswerLog.ReadAll(_answers).ToList();
        var reserved = answers.Where(answer => answer.Verb == (byte)EdgeVerb.Reserve).ToDictionary(answer => answer.Id);
        Assert.All(answers.Where(answer => answer.Verb == (byte)EdgeVerb.Commit), commit =>
        {
            Assert.Equal(commit.Account, reserved[commit.ReservationId].Account);
            Assert.InRange(commit.AmountNanos, 1, reserved[commit.ReservationId].HeldNanos);
        });
    }

    private Fleet NewFleet(ToyServer server, EdgeMode mode)
    {
        var picker = new AccountPicker(Spread.Zipf, 10);
        var mix = new HammerMix(ReleasePercent: 0, AbandonPercent: 0);
        return new Fleet(server.Target, new FleetShape(mode, Edges, Depth: 8, Connections: 2), picker.Accounts,
            edge => new HammerSource(picker, mix, new Random(edge), CyclesPerEdge, cyclesPerSecond: 0), _answers, seed: 1);
    }
}
