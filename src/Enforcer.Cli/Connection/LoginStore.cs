using System.Text.Json;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Connection;

/// <summary>
/// The tokens that <c>enforcer login</c> keeps for this user, one a server, in a file that only the user can read (0600, in a
/// folder with 0700). A file that others can read is refused: its tokens must be taken for stolen.
/// </summary>
internal sealed class LoginStore(Terminal terminal)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersAny =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(terminal.SettingsFolder, "logins.json");

    /// <summary>The token for a server, or null.</summary>
    public string? Find(Uri server) => Read().GetValueOrDefault(KeyOf(server));

    /// <summary>Keeps a token for a server, in place of an earlier one.</summary>
    public void Save(Uri server, string token)
    {
        var logins = Read();
        logins[KeyOf(server)] = token;
        Write(logins);
    }

    /// <summary>Forgets the token for a server.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(Uri server)
    {
        var logins = Read();
        if (!logins.Remove(KeyOf(server)))
            return false;
        Write(logins);
        return true;
    }

    private static string KeyOf(Uri server) => server.GetLeftPart(UriPartial.Authority);

    private Dictionary<string, string> Read()
    {
        try
        {
            using var file = File.OpenRead(Path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & OthersAny) != 0)
                throw new CliException($"{Path} holds tokens and can be read by others than you. Run: chmod 600 '{Path}'");
            return JsonSerializer.Deserialize(file, LoginJson.Default.DictionaryStringString) ?? [];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException damaged)
        {
            throw new CliException($"{Path} is damaged: {damaged.Message} Delete it and run 'enforcer login' again.");
        }
    }

    private void Write(Dictionary<string, string> logins)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(terminal.SettingsFolder);
        else
            Directory.CreateDirectory(terminal.SettingsFolder, OwnerOnly | UnixFileMode.UserExecute);
        // Written beside and renamed, so that a full disk or a kill never leaves half a file.
        var fresh = Path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(fresh, options))
            JsonSerializer.Serialize(file, logins, LoginJson.Default.DictionaryStringString);
        File.Move(fresh, Path, overwrite: true);
    }
}
