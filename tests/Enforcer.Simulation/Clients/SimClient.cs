using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Simulation.Checking;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Nodes;

namespace Enforcer.Simulation.Clients;

/// <summary>
/// A client as any gateway may be one: it asks a node, follows the answer "not mine", and asks again under the same operation id until it knows what became of
/// its operation. Answers to attempts that it had given up count as well.
/// </summary>
internal sealed class SimClient
{
    private readonly World _world;
    private readonly Network _network;
    private readonly IReadOnlyList<SimNode> _nodes;
    private readonly AnswerCheck _answers;
    private readonly Machine _machine;
    private SimNode _node;

    public SimClient(World world, Network network, IReadOnlyList<SimNode> nodes, AnswerCheck answers, string name)
    {
        _world = world;
        _network = network;
        _nodes = nodes;
        _answers = answers;
        Random = world.Random.Fork();
        Clock = new SimClock(world, Random.Between(-2 * World.Second, 2 * World.Second));
        _machine = new Machine(world, name, Clock);
        _node = Random.Pick(nodes);
    }

    public SimRandom Random { get; }

    public SimClock Clock { get; }

    public OperationId NewId() => OperationId.NewV7(Clock.NowMs, Random.Next(), Random.Next());

    public Task WaitAsync(long ticks) => Task.Delay(TimeSpan.FromTicks(ticks), Clock);

    /// <summary>Begins to do something of its own.</summary>
    public void Begin(Func<Task> work) => _world.After(0, _machine, "begin", () => _ = work());

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="account">The account.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="isRepeat">It was asked, and answered, before: the answer is older than what has been told since.</param>
    public async Task<Outcome> AskAsync(long account, Command command, bool isRepeat = false)
    {
        var call = _answers.Ask(account, command, isRepeat);
        while (true)
        {
            call.Attempts++;
            var reply = await AttemptAsync(call).ConfigureAwait(false);
            if (reply.Outcome is { } outcome && !IsToBeRepeated(outcome.Refusal)) return outcome;
            if (reply.Elsewhere is { } owner && Random.Happens(900)) _node = _nodes.First(node => node.Name == owner);
            else if (Random.Happens(500)) _node = Random.Pick(_nodes);
            await WaitAsync(reply.Elsewhere is null ? Random.Between(2, 60) * World.Millisecond : World.Millisecond).ConfigureAwait(false);
        }
    }

    private Task<Reply> AttemptAsync(Call call)
    {
        var replied = new TaskCompletionSource<Reply>();
        var node = _node;
        _world.After(Random.Between(100, 400) * World.Millisecond, _machine, "patience", () => replied.TrySetResult(Reply.Unavailable));
        _network.Send(_machine, node.Name, "request", () => node.Machine, machine => _ = node.ServeAsync(machine, call.Account, call.Command, reply =>
            _network.Send(machine, _machine.Name, "reply", () => _machine, _ => Hear(call, reply, replied))));
        return replied.Task;
    }

    private void Hear(Call call, Reply reply, TaskCompletionSource<Reply> replied)
    {
        if (reply.Outcome is { } outcome)
        {
            _world.Trace.Add(_world.Now, "told", _machine.Name, call.Account, outcome.Seq, (int)outcome.Refusal);
            if (!IsToBeRepeated(outcome.Refusal)) _answers.Told(call, outcome);
        }
        replied.TrySetResult(reply);
    }

    private static bool IsToBeRepeated(Refusal refusal) => refusal is Refusal.Busy or Refusal.Unavailable;
}
