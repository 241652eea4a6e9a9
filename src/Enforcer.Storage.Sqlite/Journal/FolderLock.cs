using Enforcer.Journal;

namespace Enforcer.Storage.Sqlite;

/// <summary>One process at a time serves a data folder. The system frees the lock when the process ends, however it ends.</summary>
internal static class FolderLock
{
    public static FileStream Claim(string folder)
    {
        var file = Path.Combine(folder, "enforcer.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new JournalUnavailableException(
                $"{folder}: another process serves this data folder. Stop it, or name another folder with --data.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalUnavailableException(
                $"{folder}: this process may not write here. Give it the right to, or name another folder with --data.", e);
        }
    }
}
