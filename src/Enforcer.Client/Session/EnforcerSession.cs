using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Enforcer.Grpc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Client;

/// <summary>
/// The one stream that all calls of a client share. Commands are gathered from any number of threads and leave in batches;
/// answers come back in any order. After a lost connection everything unanswered is sent again with its operation id, so
/// nothing takes effect twice. <see cref="EnforcerClient"/> is made of one; gateways that batch by themselves use
/// <see cref="SendAsync"/> directly, without an object or a task per command.
/// </summary>
public sealed class EnforcerSession : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(20);
    private readonly EnforcerClientOptions _options;
    private readonly Endpoints _endpoints;
    private readonly CommandTable _table;
    private readonly AsyncSignal _work;
    private readonly ConcurrentQueue<PendingCall> _pool = new();
    private readonly ClientInstruments _instruments;
    private readonly CompletionDelivery _delivery;
    private readonly SessionLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Completion> _late = [];
    private readonly Lock _sweeping = new();
    private readonly ITimer _sweeper;
    private readonly Task _running;
    private int _closing;

    /// <summary>Checks the options. Connects with the first command.</summary>
    /// <param name="options">Where to connect, and the bounds. Not changed afterwards.</param>
    /// <param name="logger">Gets lost and refused connections.</param>
    /// <param name="meters">Where to make the meter <c>Enforcer.Client</c>; null: on its own.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">At least one option breaks its rule.</exception>
    public EnforcerSession(EnforcerClientOptions options, ILogger<EnforcerSession>? logger = null, IMeterFactory? meters = null)
        : this(options, logger, meters, ClientPorts.Real)
    {
    }

    internal EnforcerSession(EnforcerClientOptions options, ILogger<EnforcerSession>? logger, IMeterFactory? meters, ClientPorts ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        EnforcerClientOptionsValidator.Check(options);
        _options = options;
        Clock = options.TimeProvider;
        Ids = new OperationIds(Clock, ports.Random);
        _work = new AsyncSignal(ports.Queue);
        _endpoints = new Endpoints(options, ports);
        _table = new CommandTable(options.MaxInFlight, new RetryPolicy(options, ports), Ids, Clock.ToTimestamp(options.Timeout));
        _instruments = new ClientInstruments(meters, () => _table.Count);
        var log = (ILogger?)logger ?? NullLogger.Instance;
        _delivery = new CompletionDelivery(_instruments, log, Clock);
        _loop = new SessionLoop(options, _endpoints, _table, _work, _delivery, _instruments, log, ports);
        _sweeper = Clock.CreateTimer(static session => ((EnforcerSession)session!).Sweep(), this, SweepPeriod, SweepPeriod);
        // It begins by waiting for the first command, and goes on wherever that wakes it.
        _running = _loop.RunAsync(_stop.Token);
    }

    /// <summary>Makes operation ids by the session's clock.</summary>
    public OperationIds Ids { get; }

    /// <summary>Commands that were accepted and not yet answered.</summary>
    public int InFlight => _table.Count;

    internal TimeProvider Clock { get; }

    internal Endpoints Endpoints => _endpoints;

    /// <summary>
    /// Sends commands, in this order. Completes when all are accepted: at once, unless <see cref="EnforcerClientOptions.MaxInFlight"/>
    /// commands are on their way. Each accepted command is answered exactly once, through <paramref name="handler"/>.
    /// </summary>
    /// <param name="commands">Read before this completes. Commands for one account take effect in the order in which they are accepted.</param>
    /// <param name="handler">Gets the answers.</param>
    /// <param name="cancellationToken">Ends the wait for room; what was accepted stays accepted.</param>
    /// <exception cref="ArgumentException">A command breaks a rule; none of them was accepted.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed; what was accepted before is answered.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<SessionCommand> commands, IOutcomeHandler handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfClosing();
        foreach (ref readonly var command in commands.Span)
            CommandRules.Check(command);
        var accepted = Accept(commands.Span, handler);
        return accepted == commands.Length ? default : SendRestAsync(commands[accepted..], handler, cancellationToken);
    }

    /// <summary>
    /// Stops accepting commands, waits for the answers to those that are on their way, and closes the stream. Whatever the server
    /// does, this ends within twice the <see cref="EnforcerClientOptions.Timeout"/> and two seconds.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            await _running.ConfigureAwait(false);
            return;
        }
        // Ends by itself: nothing is added, every command has a deadline, and so has the Release that may follow a Reserve.
        await _table.CloseAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        _work.Set();
        await _running.ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        _endpoints.Dispose();
        _instruments.Dispose();
        _stop.Dispose();
    }

    /// <summary>Sends one command and waits for its answer.</summary>
    internal ValueTask<SessionOutcome> CallAsync(in SessionCommand command, CancellationToken cancellationToken)
    {
        ThrowIfClosing();
        CommandRules.Check(command);
        cancellationToken.ThrowIfCancellationRequested();
        return _table.Room.Wait(0, CancellationToken.None) ? Start(command, cancellationToken) : CallWhenRoomAsync(command, cancellationToken);
    }

    private ValueTask<SessionOutcome> Start(in SessionCommand command, CancellationToken cancellationToken)
    {
        if (!_pool.TryDequeue(out var call))
            call = new PendingCall(_pool, _table, _work, Clock);
        return call.Start(command, cancellationToken);
    }

    private async ValueTask<SessionOutcome> CallWhenRoomAsync(SessionCommand command, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _table.Room.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EnforcerException(GrpcStatus.DeadlineExceeded,
                $"the command was not sent within {_options.Timeout}, because {_options.MaxInFlight} commands are on their way; "
                + "raise MaxInFlight, or call less at once.", _loop.Trouble);
        }
        return await Start(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Accepts as many commands as there is room for.</summary>
    private int Accept(ReadOnlySpan<SessionCommand> commands, IOutcomeHandler handler)
    {
        var room = 0;
        while (room < commands.Length && _table.Room.Wait(0, CancellationToken.None))
            room++;
        if (room > 0)
            Add(commands[..room], handler);
        return room;
    }

    private void Add(ReadOnlySpan<SessionCommand> commands, IOutcomeHandler handler)
    {
        var (_, wake) = _table.Add(commands, handler, releaseIfLeft: false, Clock.GetTimestamp());
        if (wake)
            _work.Set();
    }

    private async ValueTask SendRestAsync(ReadOnlyMemory<SessionCommand> commands, IOutcomeHandler handler, CancellationToken cancellationToken)
    {
        while (!commands.IsEmpty)
        {
            await _table.Room.WaitAsync(cancellationToken).ConfigureAwait(false);
            Add(commands.Span[..1], handler);
            commands = commands[1..];
            commands = commands[Accept(commands.Span, handler)..];
        }
    }

    private void Sweep()
    {
        // A sweep that outlasts the period is not joined by a second one.
        if (!_sweeping.TryEnter())
            return;
        try
        {
            if (_table.Sweep(Clock.GetTimestamp(), Late, _late))
                _work.Set();
            _delivery.Deliver(_late);
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    private EnforcerException Late(bool wasSent) => Failures.Late(_options.Timeout, _endpoints.Current.Address, wasSent, _loop.Trouble);

    private void ThrowIfClosing() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _closing) != 0, this);
}
