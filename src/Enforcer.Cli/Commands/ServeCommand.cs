using System.CommandLine;
using Enforcer.Access;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Journal;
using Enforcer.Server;
using Enforcer.Server.Nodes;
using Enforcer.Server.Options;
using Microsoft.AspNetCore.Connections;

namespace Enforcer.Cli.Commands;

/// <summary><c>serve</c>: runs the server until it is told to stop.</summary>
internal sealed class ServeCommand : CliCommand
{
    private readonly Option<string?> _data =
        CliOption.Text("--data", $"The folder for the data; made if it does not exist. [default: {DataFolder.Default}]", "DIR");
    private readonly Option<string?> _postgres = PostgresOption.Create(
        "Keeps the data in a PostgreSQL, which several nodes may share, and in no folder: an Npgsql connection string.");
    private readonly Option<string?> _node =
        CliOption.Text("--node", "This node's name beside others on one PostgreSQL; it keeps its journal as long as it keeps its name. [default: the machine's name]", "NAME");
    private readonly Option<string?> _grpc =
        CliOption.Text("--grpc", "Where to serve gRPC: edges, SDK and this CLI. Port 0: a free one. [default: 127.0.0.1:7070]", "IP:PORT");
    private readonly Option<string?> _http =
        CliOption.Text("--http", "Where to serve REST, metrics and health. [default: 127.0.0.1:7080]", "IP:PORT");
    private readonly Option<string?> _certificate = CliOption.Text("--tls-certificate", "A certificate for both, in PEM.", "FILE");
    private readonly Option<string?> _key = CliOption.Text("--tls-key", "The certificate's key, in PEM.", "FILE");
    private readonly Option<string?> _otlp = CliOption.Text("--otlp", "Where to send traces and metrics, such as http://127.0.0.1:4317.", "URL");
    private readonly Option<bool> _jsonLogs = CliOption.Switch("--json-logs", "Writes logs as JSON, a line each.");
    private readonly Option<bool> _serveDamaged = CliOption.Switch(
        "--serve-damaged", "Starts although the journal is damaged at its end, if it is certain whose entries are concerned: those accounts are not served.");
    private readonly Option<string?> _config = CliOption.Text(
        "--config", "A JSON file with settings in a section Enforcer. Variables such as ENFORCER__DATA come before it, options before both. [default: appsettings.json, if there is one]",
        "FILE");
    private readonly Option<bool> _login =
        CliOption.Switch("--login", "On the first start, also stores the admin token for this user's CLI, as 'enforcer login' does.");

    private readonly Option<string?> _cluster =
        CliOption.Text("--cluster", "What makes one cluster of the servers on one PostgreSQL. [default: the built-in nodes]", "NAME");
    private readonly Option<string?> _silo =
        CliOption.Text("--silo", "With --cluster: where the other servers reach this one. Port 0: a free one. [default: 127.0.0.1:11111]", "IP:PORT");
    private readonly Option<string?> _dashboard =
        CliOption.Text("--dashboard", "With --cluster: where to serve the cluster's dashboard, to operators.", "IP:PORT");
    private readonly ClusterPlans _plans;

    public ServeCommand(Terminal terminal, ClusterPlans plans)
        : base(
            terminal, "serve", "Runs the server. Ctrl-C stops it.",
            "enforcer serve --login",
            "enforcer serve --data /var/lib/enforcer --grpc 0.0.0.0:7070 --tls-certificate cert.pem --tls-key key.pem",
            "ENFORCER_POSTGRES='Host=db;Database=enforcer;Username=enforcer' enforcer serve --node node-1",
            "ENFORCER__JSONLOGS=true enforcer serve --config /etc/enforcer.json")
    {
        _plans = plans;
        Option[] all = [_data, _postgres, _node, _grpc, _http, _login, _certificate, _key, _otlp, _jsonLogs, _serveDamaged, _config];
        Option[] others = plans.Count == 0 ? [] : [_cluster, _silo, _dashboard];
        foreach (var option in all.Concat(others))
            Add(option);
        PostgresOption.Exclude(this, _postgres, _data);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = ServerSettings.Read(Terminal, parse.GetValue(_config), Named(parse));
        await using var server = await StartAsync(options, cancellationToken);
        // Before the greeting: whoever waits for that may go on with the CLI.
        var store = server.FirstAdminToken is { } first && parse.GetValue(_login) ? Store(first, server.Grpc) : null;
        Greet(server);
        await TellDamagedAsync(server, options, cancellationToken);
        if (server.FirstAdminToken is { } token)
            Hand(token, server.Grpc, store);
        await Terminal.Out.FlushAsync(cancellationToken);

        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        await Task.WhenAny(stopped, server.Ended);
        // What the disk holds is not known then: nothing may be told from memory any more.
        if (server.Ended.IsCompleted)
            throw new CliException($"the server has ended: {(await server.Ended).Message} Everything that was answered is safe; start the server again.");
        Terminal.Note("Stopping: calls under way are answered, everything is made durable.");
        return ExitCode.Ok;
    }

    private IClusterPlan? PlanOf(EnforcerServerOptions options)
    {
        if (options.Cluster.Length == 0) return null;
        if (!_plans.TryGetValue(options.Cluster, out var plan))
            throw new CliException($"this build knows no cluster '{options.Cluster}'; leave it out for the built-in nodes, or build the solution of that cluster.", ExitCode.Usage);
        if (options.Postgres.Length == 0) throw new CliException($"--cluster {options.Cluster} needs a PostgreSQL that the servers share: give --postgres.", ExitCode.Usage);
        return plan(options);
    }

    private async Task<EnforcerServer> StartAsync(EnforcerServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await EnforcerServer.StartAsync(options, Terminal.Clock, PlanOf(options), cancellationToken);
        }
        catch (OptionsException wrong)
        {
            throw new CliException(wrong.Message, ExitCode.Usage);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new CliException($"{taken.Message.TrimEnd('.')}. Does a server run there already? Name other addresses with --grpc and --http.");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException && FolderOf(options) is { } folder)
        {
            throw new CliException($"--data: '{folder}' cannot be used: {denied.Message.TrimEnd('.')}. Name a folder that this user may write.");
        }
        catch (JournalCorruptException damage)
        {
            throw new CliException(damage.Message + await ConcernedAsync(damage, options, cancellationToken));
        }
        catch (Exception failure) when (failure is JournalFormatException or JournalUnavailableException or DirectoryException)
        {
            throw new CliException(failure.Message);
        }
    }

    /// <summary>Whose entries are damaged, by name, and that others need not wait.</summary>
    private static async Task<string> ConcernedAsync(JournalCorruptException damage, EnforcerServerOptions options, CancellationToken cancellationToken)
    {
        if (options.ServeDamaged)
            return " It is not certain which accounts are concerned, so none is served.";
        var names = await NamesAsync(options, [damage.Account], cancellationToken);
        var account = damage.Account == 0 ? "" : $" That is account {names.NameOf(damage.Account)}.";
        return $"{account} To serve the accounts that are not concerned meanwhile, start with --serve-damaged.";
    }

    /// <summary>What people call accounts that the journal knows by number.</summary>
    private static Task<KnownAccounts> NamesAsync(EnforcerServerOptions options, IEnumerable<long> numbers, CancellationToken cancellationToken) =>
        KnownAccounts.ReadAsync(FolderOf(options), options.Postgres.Length > 0 ? options.Postgres : null, numbers, cancellationToken);

    /// <summary>The folder with the names of accounts; null if they are in a PostgreSQL.</summary>
    private static string? FolderOf(EnforcerServerOptions options) => options.Postgres.Length > 0 ? null : options.Data;

    private Dictionary<string, string?> Named(ParseResult parse) => new()
    {
        [nameof(EnforcerServerOptions.Data)] = parse.GetValue(_data),
        [nameof(EnforcerServerOptions.Postgres)] = PostgresOption.Read(parse, Terminal, _postgres, _data) ?? (parse.GetValue(_data) is null ? null : ""),
        [nameof(EnforcerServerOptions.Node)] = parse.GetValue(_node),
        [nameof(EnforcerServerOptions.Cluster)] = _plans.Count == 0 ? null : parse.GetValue(_cluster),
        [nameof(EnforcerServerOptions.Silo)] = _plans.Count == 0 ? null : parse.GetValue(_silo),
        [nameof(EnforcerServerOptions.Dashboard)] = _plans.Count == 0 ? null : parse.GetValue(_dashboard),
        [nameof(EnforcerServerOptions.Grpc)] = parse.GetValue(_grpc),
        [nameof(EnforcerServerOptions.Http)] = parse.GetValue(_http),
        [nameof(EnforcerServerOptions.TlsCertificate)] = parse.GetValue(_certificate),
        [nameof(EnforcerServerOptions.TlsKey)] = parse.GetValue(_key),
        [nameof(EnforcerServerOptions.Otlp)] = parse.GetValue(_otlp),
        [nameof(EnforcerServerOptions.JsonLogs)] = parse.GetValue(_jsonLogs) ? "true" : null,
        [nameof(EnforcerServerOptions.ServeDamaged)] = parse.GetValue(_serveDamaged) ? "true" : null,
    };

    private void Greet(EnforcerServer server)
    {
        Terminal.Line(Terminal.Dress("Enforcer is ready.", Paint.Green));
        Terminal.Line($"  gRPC  {server.Grpc.Authority}");
        Terminal.Line($"  HTTP  {server.Http.GetLeftPart(UriPartial.Authority)}  (REST under /v1, /metrics, /readyz)");
        Terminal.Line($"  data  {server.Place}");
    }

    private async Task TellDamagedAsync(EnforcerServer server, EnforcerServerOptions options, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(options, server.Damaged, cancellationToken);
        foreach (var account in server.Damaged.Order())
            Terminal.Note($"Not served, because its journal is damaged: account {names.NameOf(account)}. Run 'enforcer verify', and restore a backup.");
    }

    private LoginStore Store(string token, Uri grpc)
    {
        var store = new LoginStore(Terminal);
        store.Save(Reachable(grpc), token);
        return store;
    }

    /// <summary>The first admin token: told once, and where it was stored, if that was asked for.</summary>
    private void Hand(string token, Uri grpc, LoginStore? store)
    {
        Terminal.Line();
        Terminal.Line("This is the first start here. The admin token, shown this once:");
        Terminal.Line();
        Terminal.Line(Terminal.Dress(token, Paint.Bold));
        Terminal.Line();
        if (store is not null)
        {
            Terminal.Line($"It is stored for your CLI in {store.Path}. In another terminal:");
        }
        else
        {
            var address = Reachable(grpc);
            var where = address == ServerAddress.Default ? "" : $" --server {address.GetLeftPart(UriPartial.Authority)}";
            Terminal.Line($"Store it for your CLI with 'enforcer login{where}'. Then, in another terminal:");
        }
        Terminal.Line("  enforcer keys create --cap '$5' --rpm 600");
    }

    /// <summary>Where this machine reaches what listens on all addresses.</summary>
    private static Uri Reachable(Uri grpc) => grpc.Host is "0.0.0.0" or "[::]" ? new UriBuilder(grpc) { Host = "127.0.0.1" }.Uri : grpc;
}
