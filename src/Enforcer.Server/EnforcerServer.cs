using System.Collections.Frozen;
using System.Net;
using Enforcer.Access;
using Enforcer.Cluster;
using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Limits;
using Enforcer.Server.Edges;
using Enforcer.Server.Edges.Sessions;
using Enforcer.Server.Envoy;
using Enforcer.Server.Health;
using Enforcer.Server.Nodes;
using Enforcer.Server.Observability;
using Enforcer.Server.Operators;
using Enforcer.Server.Operators.Prices;
using Enforcer.Server.Options;
using Enforcer.Server.Prices;
using Enforcer.Server.Refusals;
using Enforcer.Server.Rest;
using Enforcer.Server.Security;
using Enforcer.Storage.Postgres;
using Enforcer.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Enforcer.Server;

/// <summary>One server, from its options to its addresses: the only place where the parts are put together.</summary>
public sealed class EnforcerServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EnforcerServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly IClusterPlan? _plan;
    private WebApplication? _web;
    private ServerCluster? _cluster;
    private IBalanceFeed? _balances;
    private Task _upkeep = Task.CompletedTask;
    private Task _telling = Task.CompletedTask;
    private Task _pricing = Task.CompletedTask;

    private EnforcerServer(EnforcerServerOptions options, TimeProvider clock, IClusterPlan? plan)
    {
        _plan = plan;
        _options = options;
        _clock = clock;
    }

    /// <summary>Where gRPC is served.</summary>
    public Uri Grpc { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where REST, metrics and health are served.</summary>
    public Uri Http { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where journal and directory are: a folder, or a PostgreSQL and the node's name.</summary>
    public string Place { get; private set; } = "";

    /// <summary>The first admin token, on the very first start of a data folder or database; null ever after. Show it now: nobody gets it again.</summary>
    public string? FirstAdminToken { get; private set; }

    /// <summary>The numbers of the accounts that are not served because their journals are damaged.</summary>
    public IReadOnlySet<long> Damaged { get; private set; } = new HashSet<long>();

    /// <summary>Completes if journal, directory or the node have ended for good (a failed fsync, another owner, a replaced node): the process must end.</summary>
    public Task<Exception> Ended => _ended.Task;

    /// <summary>Starts a server; when this completes, it serves.</summary>
    /// <exception cref="OptionsException">The options are wrong; tells all that is.</exception>
    /// <exception cref="JournalCorruptException">The journal is damaged.</exception>
    /// <exception cref="JournalFormatException">The journal was written by a newer version.</exception>
    /// <exception cref="JournalUnavailableException">The data folder is in use, or cannot be written; the database does not answer, or is not durable.</exception>
    /// <exception cref="DirectoryException">The directory cannot be opened, or another process runs under this node's name.</exception>
    public static Task<EnforcerServer> StartAsync(EnforcerServerOptions options, TimeProvider clock, CancellationToken cancel = default) =>
        StartAsync(options, clock, null, cancel);

    /// <summary>The same with another cluster than that of the built-in nodes; it needs a PostgreSQL.</summary>
    public static async Task<EnforcerServer> StartAsync(EnforcerServerOptions options, TimeProvider clock, IClusterPlan? plan, CancellationToken cancel)
    {
        if (OptionsForm.Problems(options) is { Count: > 0 } problems) throw new OptionsException(problems);
        var server = new EnforcerServer(options, clock, plan);
        try
        {
            await server.StartAsync(cancel).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops taking calls, answers those under way, makes everything durable and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.LeaveAsync().ConfigureAwait(false);
        if (_web is not null) await _web.StopAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _upkeep.ConfigureAwait(false);
        await _telling.ConfigureAwait(false);
        await _pricing.ConfigureAwait(false);
        while (_parts.TryPop(out var part)) await part.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        var nodes = NodeListening.Of(_options, _clock);
        var builder = WebHosting.CreateBuilder(_options, nodes);
        builder.Services.AddOpenApiFromProtos();
        var web = _web = builder.Build();
        Keep(web);
        var logs = web.Services.GetRequiredService<ILoggerFactory>();
        var storage = Keep(await ServerStorage.OpenAsync(_options, _plan, nodes?.Certificates, End, _clock, logs, cancel).ConfigureAwait(false));
        var (store, journal, directory) = (storage.Store, storage.Journal, storage.Directory);
        Damaged = journal.Heads.Damaged;
        Place = storage.Place;
        var ledger = new LedgerOptions
        {
            DefaultTtlMs = _options.DefaultTtlMs,
            RetentionMs = _options.RetentionMs,
            MaxOpenReservations = _options.MaxOpenReservations,
        };
        var calendar = new WindowCalendar(Zones.Find);
        var reader = new AccountReader(journal, store, ledger);
        var hosting = new HostOptions { IdleMs = _options.IdleMs, Observer = _plan?.Observer };
        if (store is PostgresJournalStore) hosting = hosting with { MaxConcurrentReads = PostgresJournalStore.ConcurrentReads };
        var host = Keep(new AccountHost(
            journal, reader, ledger, hosting, calendar, _clock, logs.CreateLogger<AccountHost>()));
        var authenticator = Keep(new Authenticator(directory.Tokens, _clock, new CredentialCacheOptions(), directory.News));
        _upkeep = Task.Run(() => new HostUpkeep(host, journal.Heads, _clock, logs.CreateLogger<HostUpkeep>()).RunAsync(_stopping.Token), CancellationToken.None);

        var keys = Keep(new KeyCache(directory.Keys, _clock, new CredentialCacheOptions(), directory.News));
        var tokens = new TokenIssuer(directory.Tokens, authenticator, _clock, SystemSecretSource.Instance);
        var catalog = new AccountCatalog(directory.Accounts, keys);
        var prices = new PriceStore(directory.Prices);
        await DefaultPrices.AddIfNoneAsync(prices, _clock, cancel).ConfigureAwait(false);
        var offers = new OfferCatalog(new OfferMaker(prices), prices, directory.Accounts, _clock);
        _pricing = Task.Run(() => offers.RunAsync(_stopping.Token), CancellationToken.None);
        var accounts = await EngineOverAsync(storage, host, offers, ledger, authenticator, logs, cancel).ConfigureAwait(false);
        var engine = new PricedEngine(accounts, offers);
        var refusals = new RefusalTrace();
        var methods = OperatorsOver(directory, accounts, catalog, keys, tokens, calendar, new JournalScan(store), ledger, prices, offers, refusals);
        var gate = new AccessGate(authenticator, new RefusalRecorder(directory.Audit, _clock));
        var tally = new CommandTally();
        var times = Keep(new ServerInstruments(tally, host, journal, _clock)).Times;
        if (_cluster is not null) Keep(new ClusterInstruments(_cluster.Node));
        Keep(new OtlpExport(_options.Otlp, "enforcer", ServerInstruments.Meters));
        var metrics = Keep(new PrometheusText(static meter => ServerInstruments.Meters.Contains(meter.Name)));
        var health = new HealthState();
        var readiness = new Readiness(journal, directory.News, health, _clock, logs.CreateLogger<Readiness>());
        _telling = Task.Run(() => readiness.RunAsync(_stopping.Token), CancellationToken.None);

        var ports = new SessionPorts(engine, catalog, offers, authenticator, tally, times, _clock) { Refusals = refusals };
        var envoy = new RateLimitService(accounts, catalog, tally, _options.Envoy, _clock).Bind();
        var grpc = GrpcOver([new EdgeService(engine, catalog, ports, tally).Bind(), envoy], methods, InterceptorsOf(times, AccessFor(methods, gate)), health, logs.CreateLogger<GrpcServer>());
        WebHosting.Map(web, grpc, new RestApi(methods, gate), readiness, metrics);
        FirstAdminToken = (await tokens.CreateFirstAsync(cancel).ConfigureAwait(false))?.Credential.Reveal();
        await web.StartAsync(cancel).ConfigureAwait(false);
        (Grpc, Http, var forNodes) = WebHosting.AddressesOf(web);
        _cluster?.Start(forNodes);
        Announce(logs.CreateLogger<EnforcerServer>());
    }

    /// <summary>All accounts: those of this process, or of all nodes that share the storage.</summary>
    private async Task<IAccountEngine> EngineOverAsync(
        ServerStorage storage, AccountHost host, OfferCatalog offers, LedgerOptions ledger, Authenticator authenticator, ILoggerFactory logs, CancellationToken cancel)
    {
        if (storage.Store is not PostgresJournalStore store) return host;
        if (_plan is not null)
        {
            var parts = new ClusterParts
            {
                Options = _options,
                Postgres = ServerStorage.PostgresOf(_options),
                Host = host,
                Served = new PricedEngine(host, offers),
                Calls = new NodeCalls(offers),
                Heads = storage.Journal.Heads,
                Store = store,
                Ledger = ledger,
                IsOperator = async (authorization, token) =>
                    await authenticator.AuthenticateAsync(authorization, token).ConfigureAwait(false) is { } identity && identity.May(Permission.Change),
                Clock = _clock,
                Logs = logs,
            };
            var member = Keep(await _plan.JoinAsync(parts, cancel).ConfigureAwait(false));
            _balances = member.Balances;
            return member.Engine;
        }
        if (storage.Cluster is not { } cluster) return host;
        _cluster = cluster;
        cluster.Build(host, offers, storage.Journal, store.Ownership, ledger, logs);
        return Keep(cluster.Node).Engine;
    }

    private void End(Exception cause) => _ended.TrySetResult(cause);

    private OperatorMethods OperatorsOver(
        IDirectory directory, IAccountEngine host, AccountCatalog catalog, KeyCache keys, TokenIssuer tokens, WindowCalendar calendar,
        JournalScan scan, LedgerOptions ledger, PriceStore prices, OfferCatalog offers, RefusalTrace refusals)
    {
        var names = new NameMaker(_clock, SystemSecretSource.Instance);
        var accounts = new OperatorAccounts(host, directory.Accounts, catalog, names, calendar, _clock);
        var issuer = new KeyIssuer(directory.Keys, keys, _clock, SystemSecretSource.Instance);
        var entries = new OperatorLedger(host, accounts, catalog, scan, ledger);
        return new OperatorMethods(
            accounts,
            new OperatorKeys(directory.Keys, issuer, accounts),
            new OperatorTokens(directory.Tokens, tokens),
            entries,
            new OperatorWatch(host, _balances, catalog, accounts, _clock),
            new OperatorNodes(_cluster),
            Keep(PricingOperators.Over(directory, host, accounts, entries, prices, offers, refusals, _clock)));
    }

    private GrpcServer GrpcOver(GrpcService[] edges, OperatorMethods methods, GrpcInterceptor[] interceptors, HealthState health, ILogger<GrpcServer> log)
    {
        var services = new List<GrpcService>([.. edges, methods.Bind(AccessInterceptor.CallerOf), HealthService.Create(health)]);
        if (_cluster is not null) services.Add(PeerService.Bind(_cluster.Node));
        services.Add(ReflectionService.Create(services.Select(service => service.Descriptor)));
        return new GrpcServer(services, new GrpcServerOptions { TimeProvider = _clock }, interceptors, log);
    }

    private GrpcInterceptor[] InterceptorsOf(CallTimes times, AccessInterceptor access) => _cluster is null ? [times, access] : [times, access, _cluster.Gate];

    private static AccessInterceptor AccessFor(OperatorMethods methods, AccessGate gate) =>
        new(gate, methods.All.ToFrozenDictionary(method => method.Name, method => method.Needs));

    private void Announce(ILogger<EnforcerServer> log)
    {
        ServerLog.Started(log, Grpc, Http, Place);
        foreach (var account in Damaged) ServerLog.NotServed(log, account);
        foreach (var address in new[] { Grpc, Http })
        {
            if (address.Scheme == Uri.UriSchemeHttp && !IPAddress.IsLoopback(IPAddress.Parse(address.DnsSafeHost))) ServerLog.InTheClear(log, address);
        }
        _ = _ended.Task.ContinueWith(ended => ServerLog.StorageEnded(log, ended.Result), TaskScheduler.Default);
    }

    /// <summary>Parts are closed in the opposite order of their opening.</summary>
    private T Keep<T>(T part)
    {
        if (part is IAsyncDisposable closing) _parts.Push(closing);
        else if (part is IDisposable disposable) _parts.Push(new Closing(disposable));
        return part;
    }

    private sealed class Closing(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return default;
        }
    }
}
