using System.Globalization;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Npgsql;

namespace Enforcer.LoadTests.Rivals;

/// <summary>
/// A PostgreSQL of its own in a temporary folder on a free loopback port, durable as it comes (fsync and synchronous
/// commit on). It does not run as root, so a root user starts it as the user postgres.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Superuser = "postgres";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder? _folder;
    private readonly string _data;
    private readonly string _maxWal;
    private ChildProcess? _server;

    private PostgresCluster(string? folder, string maxWal)
    {
        _folder = folder is null ? new TempFolder() : null;
        _data = Path.Combine(folder ?? _folder!.Path, "data");
        _maxWal = maxWal;
    }

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username={Superuser};Database=postgres;Maximum Pool Size=128;No Reset On Close=true";

    /// <summary>The same for another database of it.</summary>
    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    public int Port { get; } = FreePort.Next();

    public int ProcessId => _server?.Id ?? 0;

    /// <summary>Whether it runs, or comes up.</summary>
    public bool IsRunning => _server is { HasExited: false };

    /// <summary>What the running process has printed last; empty if none runs.</summary>
    public string Output => _server?.Output ?? "";

    /// <param name="folder">Where to put it; null for a folder of its own.</param>
    /// <param name="maxWal">How long its log may get between checkpoints, as PostgreSQL writes it.</param>
    public static async Task<PostgresCluster> StartAsync(string? folder = null, string maxWal = "8GB")
    {
        var cluster = new PostgresCluster(folder, maxWal);
        if (IsRoot)
            await Tool.RunAsync("chown", Superuser, Path.GetDirectoryName(cluster._data)!).ConfigureAwait(false);
        var (program, arguments) = AsPostgres(Path.Combine(FindBinaries(), "initdb"), ["-D", cluster._data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--no-locale"]);
        await Tool.RunAsync(program, arguments).ConfigureAwait(false);
        await cluster.StartServerAsync().ConfigureAwait(false);
        return cluster;
    }

    /// <summary>Starts the server, again if it was killed; when this completes, it serves.</summary>
    public async Task StartServerAsync()
    {
        string[] options =
        [
            "-D", _data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "shared_buffers=1GB", "-c", "max_wal_size=" + _maxWal, "-c", "max_connections=160",
            "-c", "recovery_init_sync_method=syncfs", // as durable as file by file, and soon over
        ];
        var (file, all) = AsPostgres(Path.Combine(FindBinaries(), "postgres"), options);
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        _server = new ChildProcess(file, all);
        await _server.WaitUntilAsync(AnswersAsync, Patience, "postgres").ConfigureAwait(false);
    }

    /// <summary>Makes a database: an empty one, or a copy of one that nobody is connected to.</summary>
    public Task CreateDatabaseAsync(string name, string? template = null) => RunSqlAsync($"CREATE DATABASE {name}{(template is null ? "" : " TEMPLATE " + template)}");

    /// <summary>Drops a database, whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string name) => RunSqlAsync($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Ends the server and all that belongs to it without a checkpoint: the next start recovers from its log.</summary>
    /// <param name="isKill">With kill -9 instead of PostgreSQL's own immediate shutdown.</param>
    public async Task StopServerAsync(bool isKill)
    {
        if (_server is null)
            return;
        var all = ProcessTree.Descendants(_server.Id);
        await Tool.SignalAsync(isKill ? "KILL" : "QUIT", isKill ? all : [_server.Id]).ConfigureAwait(false);
        await _server.WaitForExitAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // Its children must not outlive it: they may have been frozen, and have files in the folder.
            await StopServerAsync(isKill: true).ConfigureAwait(false);
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        _folder?.Dispose();
    }

    private async Task RunSqlAsync(string sql)
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync().ConfigureAwait(false);
#pragma warning disable CA2100 // Names of databases that this tool makes up.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var __ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>It listens some time before it serves. Asked on a new connection: one from a pool says nothing of a server that was killed.</summary>
    private async Task<bool> AnswersAsync()
    {
        try
        {
            var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await using var _ = connection.ConfigureAwait(false);
            await connection.OpenAsync().ConfigureAwait(false);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private static string FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).Last()
            : throw new InvalidOperationException("PostgreSQL's server is not installed (Debian: apt-get install postgresql); it is needed by compare");

    // setpriv replaces itself by the program, so that the child's process id is the server's own and a kill reaches it.
    private static (string File, string[] Arguments) AsPostgres(string file, string[] arguments) =>
        IsRoot
            ? ("setpriv", ["--reuid", Superuser, "--regid", Superuser, "--clear-groups", file, .. arguments])
            : (file, arguments);
}
