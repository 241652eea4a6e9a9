using System.Diagnostics;
using System.Globalization;
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

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ChildProcess? _server;

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={_port};Username={Superuser};Database=postgres;Maximum Pool Size=128;No Reset On Close=true";

    public int ProcessId => _server?.Id ?? 0;

    public static async Task<PostgresCluster> StartAsync()
    {
        var cluster = new PostgresCluster();
        var bin = FindBinaries();
        var data = Path.Combine(cluster._folder.Path, "data");
        if (IsRoot)
            await RunAsync("chown", [Superuser, cluster._folder.Path]).ConfigureAwait(false);
        await RunAsPostgresAsync(Path.Combine(bin, "initdb"), ["-D", data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--no-locale"])
            .ConfigureAwait(false);
        string[] arguments =
        [
            "-D", data, "-p", cluster._port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "shared_buffers=1GB", "-c", "max_wal_size=8GB", "-c", "max_connections=160",
        ];
        var (file, all) = AsPostgres(Path.Combine(bin, "postgres"), arguments);
        cluster._server = new ChildProcess(file, all);
        await cluster._server.WaitUntilAsync(cluster.AnswersAsync, TimeSpan.FromSeconds(30), "postgres")
            .ConfigureAwait(false);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    /// <summary>It listens some time before it serves.</summary>
    private async Task<bool> AnswersAsync()
    {
        try
        {
            var connection = new NpgsqlConnection(ConnectionString);
            await using var _ = connection.ConfigureAwait(false);
            await connection.OpenAsync().ConfigureAwait(false);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static string FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).Last()
            : throw new InvalidOperationException("PostgreSQL's server is not installed (Debian: apt-get install postgresql); it is needed by compare");

    // setpriv replaces itself by the program, so that the child's process id is the server's own and a kill reaches it.
    private static (string File, IEnumerable<string> Arguments) AsPostgres(string file, string[] arguments) =>
        IsRoot
            ? ("setpriv", ["--reuid", Superuser, "--regid", Superuser, "--clear-groups", file, .. arguments])
            : (file, arguments);

    private static Task RunAsPostgresAsync(string file, string[] arguments)
    {
        var (program, all) = AsPostgres(file, arguments);
        return RunAsync(program, all);
    }

    private static async Task RunAsync(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{file}' did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{file}' ended with status {process.ExitCode}:\n{await output.ConfigureAwait(false)}{errors}");
    }
}
