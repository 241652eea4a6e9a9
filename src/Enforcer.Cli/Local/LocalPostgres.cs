using System.Globalization;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Local;

/// <summary>
/// A PostgreSQL of the machine's own package in a private folder, reached by a socket in that folder and by nobody else. It does not run as root, so root
/// starts it as the user postgres.
/// </summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    private const string User = "postgres";

    /// <summary>The longest path of a socket, and what the server puts behind its folder.</summary>
    private const int MaxFolderChars = 107 - 20;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly string _data;

    private LocalPostgres(string binaries, string folder)
    {
        _binaries = binaries;
        _folder = folder;
        _data = Path.Combine(folder, "data");
    }

    /// <summary>How nodes connect to it.</summary>
    public string ConnectionString => $"Host={_folder};Username={User};Database={User}";

    /// <summary>Starts the server of a folder, which is made if it is not there; one that runs already is used.</summary>
    /// <exception cref="CliException">There is no PostgreSQL on this machine, or it does not start.</exception>
    public static async Task<LocalPostgres> StartAsync(string folder, CancellationToken cancellation)
    {
        if (folder.Length > MaxFolderChars)
            throw new CliException($"--folder: '{folder}' is longer than {MaxFolderChars} characters, too long for the path of a socket. Name a shorter one.", ExitCode.Usage);
        var postgres = new LocalPostgres(FindBinaries(), folder);
        await postgres.PrepareAsync(cancellation);
        if (!await postgres.IsRunningAsync(cancellation))
            await postgres.RunAsync("pg_ctl", cancellation, "-D", postgres._data, "-w", "-l", Path.Combine(folder, "log"), "-o", postgres.Settings(), "start");
        return postgres;
    }

    /// <summary>Stops it: whoever is connected is sent away, everything is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await IsRunningAsync(CancellationToken.None))
            await RunAsync("pg_ctl", CancellationToken.None, "-D", _data, "-w", "-m", "fast", "stop");
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private static string FindBinaries()
    {
        string[] known = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
        var found = known.Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateDirectories(folder))
            .Where(static version => File.Exists(Path.Combine(version, "bin", "pg_ctl")))
            .OrderBy(static version => int.TryParse(Path.GetFileName(version).Split('@')[^1], CultureInfo.InvariantCulture, out var number) ? number : 0)
            .LastOrDefault();
        return found is null
            ? throw new CliException(
                "there is no PostgreSQL on this machine (looked in " + string.Join(", ", known) + "). Install it (Debian: apt-get install postgresql; macOS: brew install " +
                "postgresql), or name one that runs with --postgres.")
            : Path.Combine(found, "bin");
    }

    private string Settings() => $"-c listen_addresses= -c unix_socket_directories='{_folder}' -c max_connections=200";

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(_data, "PG_VERSION")))
            return;
        Directory.CreateDirectory(_folder);
        // Whoever reaches the socket is let in, so nobody else reaches it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (IsRoot)
            await Tool.RunAsync("chown", [User, _folder], cancellation);
        await RunAsync("initdb", cancellation, "-D", _data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-locale");
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellation)
    {
        var (file, arguments) = AsUser("pg_ctl", ["-D", _data, "status"]);
        return await Tool.StatusAsync(file, arguments, cancellation) == 0;
    }

    private Task RunAsync(string program, CancellationToken cancellation, params string[] arguments)
    {
        var (file, all) = AsUser(program, arguments);
        return Tool.RunAsync(file, all, cancellation);
    }

    private (string File, string[] Arguments) AsUser(string program, string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        return IsRoot ? ("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", path, .. arguments]) : (path, arguments);
    }
}
