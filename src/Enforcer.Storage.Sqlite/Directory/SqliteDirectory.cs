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
        Prices = new SqlitePrices(database);
    }

    /// <inheritdoc/>
    public IAccountDirectory Accounts { get; }

    /// <inheritdoc/>
    public IKeyDirectory Keys { get; }

    /// <inheritdoc/>
    public ITokenDirectory Tokens { get; }

    /// <inheritdoc/>
    public IPriceDirectory Prices { get; }

    /// <inheritdoc/>
    public IAuditTrail Audit { get; }

    /// <summary>Opens a directory, or makes it and its folder. Takes the same time however many accounts there are.</summary>
    /// <exception cref="DirectoryException">The file is in use, newer than this program, damaged, or cannot be written.</exception>
    public static SqliteDirectory Open(string path, DirectoryOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SqliteDirectory(DirectoryDatabase.Open(path, options.OnEnded), options);
    }

    /// <summary>
    /// Copies a directory as it is at one moment into a new file, also while a server uses it. The file appears under its
    /// name when it is whole.
    /// </summary>
    /// <param name="path">The directory's file.</param>
    /// <param name="target">A file that does not exist yet.</param>
    /// <exception cref="DirectoryException">The target exists or cannot be written, or there is no directory.</exception>
    public static void BackUp(string path, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(target);
        DirectoryDatabase.BackUp(Path.GetFullPath(path), target);
    }

    /// <summary>The account with a number; null if there is none. Needs no ownership: a server may be using the file.</summary>
    /// <exception cref="DirectoryException">There is no directory, or it is damaged.</exception>
    public static AccountRecord? ReadAccount(string path, long number) =>
        DirectoryDatabase.ReadOnce(path, session => SqliteAccounts.Find(session, number));

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
