using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

/// <summary>Turns SQLite's errors into the directory's, with words that name the file and the way out.</summary>
internal static class DirectoryFailures
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int FsyncFailed = InputOutput | (4 << 8);
    private const int FolderFsyncFailed = InputOutput | (5 << 8);

    /// <summary>The directory's error for one of SQLite's.</summary>
    public static DirectoryException Translate(SqliteException error, string file)
    {
        if (error.SqliteExtendedErrorCode is FsyncFailed or FolderFsyncFailed)
        {
            return new(
                $"{file}: the disk failed to make a change durable; whether it is, is unknown. The process must end; check the disk.",
                error)
            { MustEndProcess = true };
        }

        var words = error.SqliteErrorCode switch
        {
            Full => "the disk is full; nothing was changed. Free some space, then try again.",
            Busy => "another process is using the file; nothing was changed. End that process.",
            ReadOnly => "the file or its folder cannot be written. Give this process the right to write them.",
            CannotOpen => "the file cannot be opened. Check that its folder exists and may be read and written.",
            InputOutput => "the disk reported an error; nothing was changed. Check the disk.",
            Corrupt => "the file is damaged. Restore it from a backup.",
            NotADatabase => "the file is not a directory, or is damaged. Name another file, or restore it from a backup.",
            _ => $"SQLite reported error {error.SqliteExtendedErrorCode}: {error.Message}",
        };
        return new($"{file}: {words}", error);
    }
}
