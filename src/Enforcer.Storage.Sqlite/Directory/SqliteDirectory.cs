using Enforcer.Access;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// The directory in one SQLite file. Every change is one transaction, synced to the disk before its call returns;
/// calls complete synchronously. One process owns the file at a time.
/// </summary>
public sealed class SqliteDirectory : IDirectory
{
    /// <summary>The file's usual name in a data folder.</summary>
    public const string FileName = "directory.db";

    private readonly DirectoryDatabase _database;

    private SqliteDirectory(DirectoryDatabase database, DirectoryOptions options)
    {
        _database = database;
        var audit = new SqliteAuditTrail(database, options.AuditLinesPerKind);
        Audit = audit;
        Accounts = new SqliteAccounts(database);
        Keys = new SqliteKeys(database, audit);
        Tokens = new SqliteTokens(database, audit);
    }

    /// <inheritdoc/>
    public IAccountDirectory Accounts { get; }

    /// <inheritdoc/>
    public IKeyDirectory Keys { get; }

    /// <inheritdoc/>
    public ITokenDirectory Tokens { get; }

    /// <inheritdoc/>
    public IAuditTrail Audit { get; }

    /// <summary>Opens a directory, or makes it and its folder. Takes the same time however many accounts there are.</summary>
    /// <exception cref="DirectoryException">The file is in use, newer than this program, damaged, or cannot be written.</exception>
    public static SqliteDirectory Open(string path, DirectoryOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SqliteDirectory(DirectoryDatabase.Open(path), options);
    }

    /// <summary>
    /// Copies the directory as it is at one moment into a new file, while it is in use. The file appears under its
    /// name when it is whole.
    /// </summary>
    /// <exception cref="DirectoryException">The target exists or cannot be written.</exception>
    public void BackupTo(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _database.BackUpTo(path);
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
