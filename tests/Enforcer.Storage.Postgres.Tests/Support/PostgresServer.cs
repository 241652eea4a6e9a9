using System.Diagnostics;
using Npgsql;

namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>
/// A PostgreSQL of its own in a temporary folder, reached by a socket in that folder, as durable as it comes. It does not run as root, so a root user
/// starts it as the user postgres. One serves all tests, a database each.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Superuser = "postgres";
    private readonly string _folder = Directory.CreateTempSubdirectory("enforcer-pg-").FullName;
    private Process? _server;
    private int _databases;

    /// <summary>The socket that the server listens on.</summary>
    public string Socket => Path.Combine(_folder, ".s.PGSQL.5432");

    public string Admin => Reaching("postgres");

    public async Task InitializeAsync()
    {
        var bin = FindBinaries();
        var data = Path.Combine(_folder, "data");
        if (IsRoot) await RunAsync("chown", [Superuser, _folder]);
        var (initdb, how) = AsPostgres(
            Path.Combine(bin, "initdb"), ["-D", data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
        await RunAsync(initdb, how);
        await StartAsync();
    }

    /// <summary>Starts the server, for the first time or again; completes when it answers.</summary>
    public async Task StartAsync()
    {
        var (postgres, arguments) = AsPostgres(
            Path.Combine(FindBinaries(), "postgres"), ["-D", Path.Combine(_folder, "data"), "-c", "listen_addresses=", "-c", $"unix_socket_directories={_folder}", "-c", "max_connections=200"]);
        _server = Process.Start(new ProcessStartInfo(postgres, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _server.OutputDataReceived += static (_, _) => { };
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await ReadyAsync();
    }

    /// <summary>Stops it without a chance to finish anything, as "immediate" does; what was committed must be there when it is started again.</summary>
    public async Task KillAsync()
    {
        if (_server is null) return;
        if (!_server.HasExited) await RunAsync("kill", ["-QUIT", $"{_server.Id}"]);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>An empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await SqlAsync(Admin, $"CREATE DATABASE {name}");
        return Reaching(name);
    }

    /// <summary>Runs statements, each by itself, on a connection of its own; answers the first column of the last one's first row.</summary>
    public static async Task<object?> SqlAsync(string connectionString, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Search Path=enforcer");
        await connection.OpenAsync();
        object? result = null;
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            result = await command.ExecuteScalarAsync();
        }
        return result;
    }

    /// <summary>Changes a setting of the whole server while it runs; completes when new connections have it.</summary>
    public static async Task SetAsync(string connectionString, string setting, string value)
    {
        await SqlAsync(connectionString, $"ALTER SYSTEM SET {setting} = {value}", "SELECT pg_reload_conf()");
        while ((string)(await SqlAsync(connectionString, $"SHOW {setting}"))! != value) await Task.Delay(1);
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Reaching(string database) => $"Host={_folder};Username={Superuser};Database={database};Pooling=false";

    private async Task ReadyAsync()
    {
        while (true)
        {
            try
            {
                await SqlAsync(Admin, "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!_server!.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static string FindBinaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).Last()
        : throw new InvalidOperationException("PostgreSQL's server is not installed (Debian: apt-get install postgresql); these tests need it.");

    // setpriv replaces itself by the program, so that the child's process id is the server's own.
    private static (string File, IEnumerable<string> Arguments) AsPostgres(string file, string[] arguments) =>
        IsRoot ? ("setpriv", ["--reuid", Superuser, "--regid", Superuser, "--clear-groups", file, .. arguments]) : (file, arguments);

    private static async Task RunAsync(string file, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{file} ended with status {process.ExitCode}:\n{await output}{errors}");
    }
}
