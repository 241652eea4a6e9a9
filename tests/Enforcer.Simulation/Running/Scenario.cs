using Enforcer.Ledger;
using Enforcer.Simulation.Checking;
using Enforcer.Simulation.Clients;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Nodes;
using Enforcer.Simulation.Storage;

namespace Enforcer.Simulation.Running;

/// <summary>One world from its beginning to its end: first everything goes wrong, then nothing does, and then everything must add up.</summary>
internal sealed class Scenario
{
    private const long LongestRest = 60 * World.Second;
    private const long LongestDrain = 10 * World.Second;
    private readonly ulong _seed;
    private readonly World _world;
    private readonly Plan _plan;
    private readonly SimDatabase _database;
    private readonly JournalCheck _journal;
    private readonly AnswerCheck _answers;
    private readonly Nemesis _nemesis;
    private readonly List<SimNode> _nodes = [];
    private readonly List<Gateway> _gateways = [];
    private readonly FaultTally _faults;
    private readonly Operator _operator;
    private readonly SimClient _operatorClient;

    private Scenario(ulong seed, DatabaseRules rules, TextWriter? text, SimMeters meters, CancellationToken ending)
    {
        _seed = seed;
        _world = new World(seed, text, ending);
        _plan = Plan.From(_world.Random);
        var ledger = new LedgerOptions { FutureToleranceMs = 3_000 };
        var asked = new Operations();
        _journal = new JournalCheck(_world, ledger, asked);
        _answers = new AnswerCheck(_world, _journal, asked);
        var database = _database = new SimDatabase(_world, rules, _journal);
        var weather = new Weather(_world);
        _faults = weather.Tally;
        var network = new Network(_world, weather);
        var peers = _plan.IsCluster ? new PeerNetwork(_world, weather, pings: false) : null;
        var edges = new PeerNetwork(_world, weather, pings: true);
        EdgeGate GateOf(SimNode node, Machine machine) => new(_world, node, machine, network, asked, _nodes);
        for (var i = 0; i < _plan.Nodes; i++) _nodes.Add(new SimNode(_world, database, weather, ledger, edges, GateOf, peers, $"node-{i}"));
        SimClient ClientOf(string name) => new(_world, weather, network, edges, _nodes, _answers, meters, name);
        for (var i = 0; i < _plan.Clients; i++) Employ(ClientOf($"client-{i}"));
        _operatorClient = ClientOf("operator");
        _operator = new Operator(_operatorClient, _plan, _gateways);
        _nemesis = new Nemesis(_world, _plan, database, weather, _nodes, _plan.Clients);
    }

    private bool IsAtRest => _operator.HasEnded && _gateways.TrueForAll(static gateway => gateway.HasEnded) && !_answers.Open.Any();

    /// <summary>Runs a world. The calling thread must be one without a synchronization context; all of the world runs on it.</summary>
    public static SimulationResult Run(ulong seed, DatabaseRules? rules = null, TextWriter? text = null)
    {
        using var ending = new CancellationTokenSource();
        using var meters = new SimMeters();
        var result = new Scenario(seed, rules ?? new DatabaseRules(), text, meters, ending.Token).Run();
        ending.Cancel();
        return result;
    }

    private SimulationResult Run()
    {
        foreach (var node in _nodes) node.Start();
        _operatorClient.Begin(_operator.RunAsync);
        _world.Run(LongestRest, () => _operator.HasOpened);
        _nemesis.Begin();
        _world.Run(_world.Now + _plan.Duration, static () => false);
        _nemesis.End();
        _operator.IsEnding = true;
        foreach (var gateway in _gateways) gateway.IsEnding = true;
        Rest();
        var result = new SimulationResult(
            _seed, _world.Violation, _world.Trace.Hash, _world.Trace.Events, _world.Now, _plan.Kind, _journal.Entries, _answers.Answers, _answers.Readings, _faults);
        _world.End();
        return result;
    }

    /// <summary>Nothing goes wrong any more: every operation gets its answer, every reservation ends, every head catches up.</summary>
    private void Rest()
    {
        _world.Run(_world.Now + LongestRest, () => IsAtRest);
        if (!IsAtRest && _world.Violation is null)
            _world.Break("answers end", $"{_answers.Open.Count()} operations have no answer {LongestRest / World.Second} s after the last fault: {Describe()}");
        _operatorClient.Begin(_operator.TouchAllAsync);
        _operator.IsEnding = true;
        _world.Run(_world.Now + World.Millisecond, static () => false);
        _world.Run(_world.Now + LongestRest, () => IsAtRest && _journal.Accounts.All(static account => account.OpenReservations == 0));
        var living = _nodes.FindAll(static node => !node.IsGone);
        _world.Run(_world.Now + LongestRest, () => living.TrueForAll(static node => node is { Lagging: 0, Pending: 0 }));
        if (_world.Violation is null && _plan.Kind == WorldKind.Cluster && living.Count > 1) Drain(_world.Random.Pick(living));
        if (_world.Violation is not null) return;
        foreach (var account in _journal.Accounts) account.Finish();
        foreach (var node in living)
        {
            if (node.Pending != 0) _world.Break("answers end", $"{node.Name}: {node.Pending} commands were never answered");
            if (node.Lagging != 0) _world.Break("heads catch up", $"{node.Name}: {node.Lagging} accounts' heads lie behind");
        }
    }

    /// <summary>A node that is to give everything away has nothing after a while, and gets nothing.</summary>
    private void Drain(SimNode node)
    {
        bool OwnsNothing() => _database.Heads.All(head => _database.NodeOf(head.Node).Name != node.Name);
        // Who joins takes part in everything, whatever it was told before.
        _world.Run(_world.Now + LongestRest, () => _nodes.TrueForAll(static other => other.IsGone || other.IsServing));
        _database.Drain(node.Name, true);
        // First all must hear of it: what is on its way to the node comes back.
        _world.Run(_world.Now + (2 * World.Second), static () => false);
        _world.Run(_world.Now + LongestDrain, OwnsNothing);
        _world.Run(_world.Now + World.Second, static () => false);
        // A process that was started long ago may join only now: it takes part in everything again, and ends the one that was told.
        if (_world.Violation is null && _database.IsDraining(node.Name) && !OwnsNothing()) _world.Break("drained", $"{node.Name} still owns accounts, {LongestDrain / World.Second} s after it was to give them away");
    }

    private string Describe() =>
        string.Join("; ", _answers.Open.Take(3).Select(static call => $"{call.Command.Kind} on account {call.Account}, {call.Attempts} attempts"));

    private void Employ(SimClient client)
    {
        var gateway = new Gateway(client, _plan);
        _gateways.Add(gateway);
        client.Begin(async () =>
        {
            while (!_operator.HasOpened) await client.WaitAsync(World.Millisecond).ConfigureAwait(false);
            await gateway.RunAsync().ConfigureAwait(false);
        });
    }
}
