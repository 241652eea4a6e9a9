using Enforcer.Access;
using Microsoft.Extensions.Logging;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// The directory of all nodes in one PostgreSQL, beside their journal. Changes come one after the other from whichever node; a change of a key or
/// token completes when no node believes the old one any more.
/// </summary>
public sealed class PostgresDirectory : IDirectory, IAsyncDisposable
{
    private readonly Database _database;
    private readonly DirectoryNews _news;

    private PostgresDirectory(Database database, PostgresOptions options, DirectoryOptions bounds, TimeProvider clock, ILogger log)
    {
        _database = database;
        var directory = new DirectoryDatabase(database, bounds.AuditLinesPerKind, options.Timeout, clock);
        _news = new DirectoryNews(database, directory, options.Node, clock, log);
        Accounts = new PostgresAccounts(directory);
        Keys = new PostgresKeys(directory, _news);
        Tokens = new PostgresTokens(directory, _news);
        Audit = new PostgresAuditTrail(directory);
        Prices = new PostgresPrices(directory);
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

    /// <inheritdoc/>
    public IDirectoryNews? News => _news;

    /// <summary>
    /// Opens the directory for a node, makes its tables if need be, and takes the node's name: no other process can open it under this name until this one
    /// is closed or has died. Open it before the journal, so that a second process of one name is refused before it replaces the first.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="DirectoryException">The server does not answer, is not durable, holds tables of a newer version, or the name is taken.</exception>
    public static async Task<PostgresDirectory> OpenAsync(
        PostgresOptions options, DirectoryOptions bounds, TimeProvider clock, ILogger log, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(bounds);
        bounds.Validate();
        var database = new Database(options);
        var directory = new PostgresDirectory(database, options, bounds, clock, log);
        try
        {
            var connection = await database.ConnectAsync(cancellation).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false)) await Schema.PrepareAsync(connection, database.Name, cancellation).ConfigureAwait(false);
            await directory._news.StartAsync(cancellation).ConfigureAwait(false);
            return directory;
        }
        catch (Exception error)
        {
            await database.DisposeAsync().ConfigureAwait(false);
            if (DirectoryDatabase.IsTranslated(error)) throw DirectoryDatabase.Translate(error, database.Name);
            throw;
        }
    }

    /// <summary>The ids of accounts by their numbers, read without taking a node's name; those that are not there are left out.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="DirectoryException">The server does not answer, or has no directory.</exception>
    public static async Task<IReadOnlyDictionary<long, string>> ReadIdsAsync(
        PostgresOptions options, IReadOnlyCollection<long> numbers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var database = new Database(options);
        await using var _ = database.ConfigureAwait(false);
        try
        {
            var found = await database.AllAsync(
                "SELECT number, id FROM accounts WHERE number = ANY($1)", static row => (Number: row.GetInt64(0), Id: row.GetString(1)), cancellation, numbers.ToArray())
                .ConfigureAwait(false);
            return found.ToDictionary(static one => one.Number, static one => one.Id);
        }
        catch (Exception error) when (DirectoryDatabase.IsTranslated(error))
        {
            throw DirectoryDatabase.Translate(error, database.Name);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _news.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The same without waiting: connections, and with them the node's name, are given up soon after.</summary>
    public void Dispose()
    {
        _news.Stop();
        _database.Dispose();
    }
}
