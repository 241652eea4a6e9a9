using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Protocol.V1;
using Enforcer.Simulation.Checking;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Nodes;
using Command = Enforcer.Ledger.Commands.Command;
using Outcome = Enforcer.Ledger.Outcome;
using Refusal = Enforcer.Ledger.Refusal;

namespace Enforcer.Simulation.Clients;

/// <summary>
/// A process that uses the SDK, which is production's: sessions, choice of servers, repeats, deadlines. What it cannot tell in time is asked again under
/// the same operation id, until it is known what became of the operation; a Reserve may also be given up, and then the SDK sees to what is left of it.
/// </summary>
#pragma warning disable CA1001 // A process does not put itself in order before the world ends.
internal sealed class SimClient
#pragma warning restore CA1001
{
    private readonly World _world;
    private readonly Weather _weather;
    private readonly AnswerCheck _answers;
    private readonly Machine _machine;
    private readonly MachineContext _context;
    private readonly SessionWatch _watch;
    private readonly EnforcerClientOptions _options;
    private readonly EnforcerClient _client;
    private readonly EnforcerOperator _operator;
    private readonly HashSet<OperationId> _known = [];
    private readonly bool _calls;

    public SimClient(World world, Weather weather, Network network, PeerNetwork edges, IReadOnlyList<SimNode> nodes, AnswerCheck answers, SimMeters meters, string name)
    {
        (_world, _weather, _answers) = (world, weather, answers);
        Random = world.Random.Fork();
        Clock = new SimClock(world, Random.Between(-2 * World.Second, 2 * World.Second));
        _machine = new Machine(world, name, Clock);
        _context = new MachineContext(_machine);
        _watch = new SessionWatch(answers, name);
        _calls = Random.Happens(500);
        _options = OptionsOf(nodes);
        var chance = Random.Fork();
        var ports = new ClientPorts
        {
            Reach = (address, _) => new SimServerPort(world, _machine, chance, network, edges, nodes.First(node => node.Name == address.Host), _watch),
            Queue = _machine.Queue,
            Random = new SimCryptoRandom(Random.Fork()),
        };
        _client = new EnforcerClient(_options, new SimLogs(world, name), meters, ports);
        _operator = new EnforcerOperator(_options, ports);
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
    /// <returns>The answer. Unavailable: a Reserve was given up.</returns>
    public async Task<Outcome> AskAsync(long account, Command command, bool isRepeat = false)
    {
        var call = _answers.Ask(account, command, isRepeat);
        _watch.Expect(call);
        if (_known.Add(command.OperationId) && _calls && command.Kind == CommandKind.Reserve) return await ReserveAsync(call).ConfigureAwait(false);
        while (true)
        {
            call.Attempts++;
            if (await TryAsync(call).ConfigureAwait(false) is { } outcome)
            {
                _answers.Told(call, outcome);
                return outcome;
            }
            await WaitAsync(Random.Between(2, 60) * World.Millisecond).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at an account, if that can be had.</summary>
    public async Task ReadAsync(long account)
    {
        var told = _answers.AskReading(account);
        var begun = _world.Now;
        try
        {
            _answers.ToldReading(account, told, (await _client.GetAsync(EdgeWire.NameOf(account)).ConfigureAwait(false)).Account);
        }
        catch (EnforcerException)
        {
            // Nobody could tell.
        }
        CheckTime(begun, "Get");
    }

    /// <summary>As <see cref="IEnforcerClient"/> does it: whoever asked may go, and what may have been reserved is then released by the SDK.</summary>
    private async Task<Outcome> ReserveAsync(Call call)
    {
        using var leaving = Random.Happens(80) ? new CancellationTokenSource(TimeSpan.FromTicks(Random.Between(0, 40 * World.Millisecond)), Clock) : new CancellationTokenSource();
        _watch.MayRelease(call.Command.OperationId);
        call.Attempts++;
        try
        {
            if (await CallAsync(call, leaving.Token).ConfigureAwait(false) is { } outcome)
            {
                _watch.Told(call, outcome);
                _answers.Told(call, outcome);
                return outcome;
            }
        }
        catch (OperationCanceledException)
        {
            _weather.Tally.Count(FaultKind.CallerGaveUp);
        }
        _answers.Leave(call);
        return Outcome.Refuse(Refusal.Unavailable, 0);
    }

    /// <summary>One call of the SDK; null if it ended without an answer.</summary>
    private async Task<Outcome?> TryAsync(Call call)
    {
        if (call.Command.Kind >= CommandKind.Open) return await ChangeAsync(call).ConfigureAwait(false);
        return call.Command.Kind == CommandKind.Reserve || !_calls ? await SendAsync(call).ConfigureAwait(false) : await CallAsync(call, default).ConfigureAwait(false);
    }

    private async Task<Outcome?> CallAsync(Call call, CancellationToken cancel)
    {
        var begun = _world.Now;
        try
        {
            var told = await _context.Bring(_client.Session.CallAsync(EdgeWire.ToSession(call.Account, call.Command), cancel)).ConfigureAwait(false);
            return Read(EdgeWire.Read(told));
        }
        catch (EnforcerException)
        {
            return null;
        }
        finally
        {
            CheckTime(begun, $"{call.Command.Kind}");
        }
    }

    private async Task<Outcome?> SendAsync(Call call)
    {
        var begun = _world.Now;
        var handler = new Waiter(_machine);
        await _client.Session.SendAsync(new[] { EdgeWire.ToSession(call.Account, call.Command) }, handler).ConfigureAwait(false);
        var outcome = await handler.Answer.ConfigureAwait(false);
        CheckTime(begun, $"{call.Command.Kind}");
        return outcome is { } told ? Read(told) : null;
    }

    private async Task<Outcome?> ChangeAsync(Call call)
    {
        var begun = _world.Now;
        try
        {
            var request = new ChangeRequest { OperationId = EdgeWire.Bytes(call.Command.OperationId), Account = EdgeWire.NameOf(call.Account).Value };
            return Read(EdgeWire.Read((await _operator.SuspendAsync(request).ConfigureAwait(false)).Outcome));
        }
        catch (EnforcerException)
        {
            return null;
        }
        finally
        {
            CheckTime(begun, $"{call.Command.Kind}");
        }
    }

    private static Outcome? Read(in Outcome outcome) => outcome.Refusal.IsToBeRepeated() ? null : outcome;

    /// <summary>The SDK promises an end of every call, whatever happens.</summary>
    private void CheckTime(long begun, string what)
    {
        _world.RequireThread();
        var took = _world.Now - begun;
        if (took > _options.Timeout.Ticks + (100 * World.Millisecond))
            _world.Break("answers end", $"the SDK took {took / World.Millisecond} ms for a {what} that may take {_options.Timeout.TotalMilliseconds} ms");
    }

    private EnforcerClientOptions OptionsOf(IReadOnlyList<SimNode> nodes)
    {
        var first = Random.Below(nodes.Count);
        return new EnforcerClientOptions
        {
            Endpoints = [.. Enumerable.Range(first, nodes.Count).Select(i => $"http://{nodes[i % nodes.Count].Name}:7070")],
            Token = "simulated",
            TimeProvider = Clock,
            // Time enough for all repeats of a call: a wait that is cancelled would go on on a thread of the pool.
            Timeout = TimeSpan.FromMilliseconds(Random.Between(1_500, 2_500)),
            MaxRetries = 2,
            Backoff = TimeSpan.FromMilliseconds(5),
            MaxBackoff = TimeSpan.FromMilliseconds(80),
            MaxInFlight = 64,
        };
    }

    /// <summary>Takes one answer from the session's loop, and hands it on to the machine.</summary>
    private sealed class Waiter(Machine machine) : IOutcomeHandler, IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource<Outcome?> _answer = new();
        private Outcome? _told;

        public Task<Outcome?> Answer => _answer.Task;

        public void OnOutcome(long mark, in SessionOutcome outcome)
        {
            _told = EdgeWire.Read(outcome);
            machine.Queue(this);
        }

        public void OnFailure(long mark, EnforcerException failure) => machine.Queue(this);

        public void Execute() => _answer.SetResult(_told);
    }
}
