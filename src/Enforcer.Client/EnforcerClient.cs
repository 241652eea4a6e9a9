using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Client;

/// <summary>
/// The client of an edge. All calls share one <see cref="EnforcerSession"/>, which gathers concurrent commands into batches.
/// Make one per process and keep it.
/// </summary>
public sealed class EnforcerClient : IEnforcerClient, IAsyncDisposable
{
    private static readonly GrpcMethod<GetRequest, GetResponse> GetMethod =
        GrpcMethod.Create<GetRequest, GetResponse>(EdgeReflection.Descriptor.Services[0], "Get");

    private static readonly ReserveOptions NoOptions = new();
    private readonly EnforcerClientOptions _options;
    private readonly UnaryCaller _unary;
    private readonly ILogger _logger;

    /// <summary>Checks the options. Connects with the first call.</summary>
    /// <param name="options">Where to connect, and the bounds. Not changed afterwards.</param>
    /// <param name="loggers">Gets lost and refused connections; null: nobody does.</param>
    /// <param name="meters">Where to make the meter <c>Enforcer.Client</c>; null: on its own.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">At least one option breaks its rule.</exception>
    public EnforcerClient(EnforcerClientOptions options, ILoggerFactory? loggers = null, IMeterFactory? meters = null)
        : this(options, loggers, meters, ClientPorts.Real)
    {
    }

    internal EnforcerClient(EnforcerClientOptions options, ILoggerFactory? loggers, IMeterFactory? meters, ClientPorts ports)
    {
        loggers ??= NullLoggerFactory.Instance;
        Session = new EnforcerSession(options, loggers.CreateLogger<EnforcerSession>(), meters, ports);
        _options = options;
        _unary = new UnaryCaller(options, Session.Endpoints, ports);
        _logger = loggers.CreateLogger<EnforcerClient>();
    }

    /// <summary>The stream underneath, for callers that batch by themselves.</summary>
    public EnforcerSession Session { get; }

    /// <inheritdoc/>
    public ValueTask<Reservation> ReserveAsync(
        AccountReference account, long amountNanos, ReserveOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= NoOptions;
        return ReserveAsync(ToCommand(account, options) with { AmountNanos = amountNanos }, options, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Reservation> ReserveAsync(
        AccountReference account, string model, UsageEstimate estimate, ReserveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        options ??= NoOptions;
        if (options is not { AtLeastNanos: 0, Tokens: 0, AtLeastTokens: 0, Model: null })
            throw new ArgumentException("AtLeastNanos, Tokens, AtLeastTokens or Model is set; an estimate tells them by itself.", nameof(options));
        return ReserveAsync(ToCommand(account, options) with { Model = model, Estimate = estimate.Clone() }, options, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<GetResponse> GetAsync(AccountReference account, Guid? reservationId = null, CancellationToken cancellationToken = default)
    {
        var request = new GetRequest { Account = account.ToMessage() };
        if (reservationId is { } id)
            request.ReservationId = id.ToWire();
        return _unary.CallAsync(GetMethod, request, isRepeatable: true, cancellationToken);
    }

    /// <summary>Waits for the answers to commands that are on their way, then closes the connection.</summary>
    public ValueTask DisposeAsync() => Session.DisposeAsync();

    /// <exception cref="ArgumentOutOfRangeException">The span is not 1 ms to 24 h.</exception>
    internal static long ToTtlMs(TimeSpan ttl)
    {
        if (ttl < TimeSpan.FromMilliseconds(1) || ttl > TimeSpan.FromDays(1))
            throw new ArgumentOutOfRangeException(nameof(ttl), ttl, $"Ttl is {ttl}; it must be 1 ms to 24 h, or null for the default.");
        return ttl.Ticks / TimeSpan.TicksPerMillisecond;
    }

    private SessionCommand ToCommand(AccountReference account, ReserveOptions options)
    {
        var ttl = options.Ttl ?? _options.DefaultTtl;
        return new()
        {
            Kind = SessionCommandKind.Reserve,
            OperationId = Session.Ids.Next(),
            Account = account,
            AtLeastNanos = options.AtLeastNanos,
            Tokens = options.Tokens,
            AtLeastTokens = options.AtLeastTokens,
            TtlMs = ttl is { } span ? ToTtlMs(span) : 0,
            Model = options.Model,
            Tag = options.Tag,
        };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reservation> ReserveAsync(SessionCommand command, ReserveOptions options, CancellationToken cancellationToken)
    {
        using var activity = ClientInstruments.Activities.StartActivity("enforcer.reserve", ActivityKind.Client);
        var outcome = await Session.CallAsync(command, cancellationToken).ConfigureAwait(false);
        activity?.SetTag("gen_ai.request.model", command.Model);
        activity?.SetTag("enforcer.refusal", outcome.Refusal.ToString());
        return new Reservation(Session, _logger, options.OnDispose ?? _options.OnDispose, command.Account, command.OperationId, outcome);
    }
}
