using System.CommandLine;
using System.Net;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>Where a load test takes place: a server of its own or one that runs already, and a folder for the answers.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private const string OwnPostgres = "own";

    private readonly TempFolder? _folder;
    private readonly PostgresCluster? _postgres;
    private readonly Target? _running;

    private Arena(TempFolder? folder, ServerProcess? server, Target? running, DataPlace? data, string answers, PostgresCluster? postgres = null)
    {
        _folder = folder;
        _postgres = postgres;
        Server = server;
        _running = running;
        Data = data;
        AnswersFolder = answers;
    }

    /// <summary>The server that this tool has started; null if it uses one that runs.</summary>
    public ServerProcess? Server { get; }

    public Target Target => _running ?? Server!.Target;

    /// <summary>Where the journal is; null if that is not known, and no audit possible.</summary>
    public DataPlace? Data { get; }

    public string AnswersFolder { get; }

    /// <summary>What the server that this tool has started has printed last.</summary>
    public string? ServerOutput => Server?.Output;

    /// <summary>A server of its own with these accounts, or the one that runs, where they are made first.</summary>
    public static async Task<Arena> OpenAsync(ParseResult parsed, int accounts, Func<int, long> capNanos, CancellationToken cancellation)
    {
        var data = parsed.GetValue(CommonOptions.Data)?.FullName;
        if (parsed.GetValue(CommonOptions.Server) is { } address)
        {
            var running = Running(address, parsed);
            await Setup.CreateAccountsAsync(running, accounts, capNanos, cancellation).ConfigureAwait(false);
            var answers = new TempFolder();
            var place = parsed.GetValue(CommonOptions.Postgres) is { } database ? DataPlace.On(database) : data is null ? null : DataPlace.In(data);
            return new Arena(answers, null, running, place, answers.Path);
        }

        var folder = data is null ? new TempFolder() : null;
        return await OpenAsync(parsed.GetValue(CommonOptions.Enforcer), folder, data ?? folder!.Path, parsed.GetValue(CommonOptions.Postgres), accounts, capNanos, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>A server of its own in a temporary folder.</summary>
    public static Task<Arena> OpenAsync(string? program, int accounts, Func<int, long> capNanos, CancellationToken cancellation)
    {
        var folder = new TempFolder();
        return OpenAsync(program, folder, folder.Path, null, accounts, capNanos, cancellation);
    }

    private static async Task<Arena> OpenAsync(
        string? program, TempFolder? folder, string root, string? postgres, int accounts, Func<int, long> capNanos, CancellationToken cancellation)
    {
        var own = postgres == OwnPostgres ? await PostgresCluster.StartAsync().ConfigureAwait(false) : null;
        var data = postgres is null ? DataPlace.In(Path.Combine(root, "data")) : DataPlace.On(own?.ConnectionString ?? postgres);
        var server = await Setup.StartServerAsync(program, data, accounts, capNanos, cancellation).ConfigureAwait(false);
        return new Arena(folder, server, null, data, Path.Combine(root, "answers"), own);
    }

    /// <summary>Servers that run already, whoever ends them, and where their data is.</summary>
    public static Arena Over(Target target, DataPlace data)
    {
        var answers = new TempFolder();
        return new Arena(answers, null, target, data, answers.Path);
    }

    public OperatorClient Operator(int seed) => new(Target, new OperationIds(new Random(unchecked(-seed - 1)), TimeProvider.System));

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync().ConfigureAwait(false);
        if (_postgres is not null)
            await _postgres.DisposeAsync().ConfigureAwait(false);
        _folder?.Dispose();
    }

    private static Target Running(Uri address, ParseResult parsed)
    {
        var token = parsed.GetValue(CommonOptions.Token) ?? throw new ArgumentException("--server needs --token: an operator's or admin's token");
        if (!IPAddress.TryParse(address.Host, out var ip) || !IPAddress.IsLoopback(ip))
            throw new ArgumentException($"--server {address} is not on the loopback interface; load tests send traffic to this machine only");
        return new Target(address, parsed.GetValue(CommonOptions.Http), token, 0);
    }
}
