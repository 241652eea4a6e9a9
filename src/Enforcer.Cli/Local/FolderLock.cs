using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Local;

/// <summary>A folder belongs to one process at a time; when that ends, however it does, the folder is free.</summary>
internal static class FolderLock
{
    private const string FileName = "lock";

    /// <summary>Takes it, until the result is disposed of.</summary>
    /// <exception cref="CliException">Another process has it.</exception>
    public static IDisposable Take(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CliException($"a cluster runs in '{folder}' already. Stop it first, or name another folder with --folder.");
        }
    }
}
