using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// How connections are made: each one checks, before it is used, that the server keeps what it says is durable, and sets its own session so
/// that no default of a role or database can weaken it.
/// </summary>
internal sealed class Database : IDisposable, IAsyncDisposable
{
    private const int OldestServer = 140_000;

    /// <summary>A node has two such pools; three nodes stay below the hundred connections that a server grants unless it is told otherwise.</summary>
    private const int PoolSize = 14;

    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _timeout;

    public Database(PostgresOptions options)
    {
        options.Validate();
        _timeout = options.Timeout;
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        Name = $"PostgreSQL {given.Host}:{given.Port}/{given.Database ?? given.Username}";
        ApplicationName = ApplicationNameOf(options.Node);
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.ApplicationName = ApplicationName;
        // A little more than the server's own limit, which tells more. What comes too late is never cancelled, for that would race with a
        // commit: the connection is dropped instead, and the outcome is unknown.
        settings.CommandTimeout = (int)Math.Ceiling(options.Timeout.TotalSeconds) + 1;
        settings.CancellationTimeout = -1;
        settings.Timeout = Math.Max(1, (int)Math.Ceiling(options.Timeout.TotalSeconds));
        // A socket in the file system knows no such thing.
        if (given.Host?.StartsWith('/') != true) (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 10, 5);
        if (!given.ShouldSerialize("Maximum Pool Size")) settings.MaxPoolSize = PoolSize;
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        // The session's settings must outlive its return to the pool.
        settings.NoResetOnClose = true;
        settings.Multiplexing = false;
        settings.Enlist = false;
        builder.UsePhysicalConnectionInitializer(
            static _ => throw new NotSupportedException("Connections are opened asynchronously."), PrepareAsync);
        _source = builder.Build();
    }

    /// <summary>Server and database, for messages; without user and password.</summary>
    public string Name { get; }

    /// <summary>What the server calls this node's connections.</summary>
    public string ApplicationName { get; }

    /// <summary>By this name the connections of a node are found and ended that keep a takeover waiting.</summary>
    public static string ApplicationNameOf(string node) => $"enforcer/{node}";

    /// <exception cref="JournalUnavailableException">The server does not answer, or would lose what it says is durable.</exception>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellation) => _source.OpenConnectionAsync(cancellation);

    /// <summary>
    /// Runs a query, or a statement that may be repeated, on a pooled connection; what goes wrong comes as the port names it. A connection that has died in
    /// the pool is not the caller's affair: it is tried once more on another.
    /// </summary>
    public async Task<T> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellation, params object[] values)
    {
        using var driver = new DriverToken(cancellation);
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                var connection = await ConnectAsync(driver.Token).ConfigureAwait(false);
                await using var _ = connection.ConfigureAwait(false);
                var command = connection.Command(sql, values);
                await using var __ = command.ConfigureAwait(false);
                var reader = await command.ExecuteReaderAsync(driver.Token).ConfigureAwait(false);
                await using var ___ = reader.ConfigureAwait(false);
                return await read(reader, driver.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (!isAgain && Failures.IsConnectionGone(error))
            {
                // Its pool has been emptied with it.
            }
            catch (Exception error) when (Failures.IsTranslated(error))
            {
                throw Failures.Translate(error, Name);
            }
        }
    }

    /// <summary>The first row; null if there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] values)
        where T : class =>
        ReadAsync(
            sql,
            async (reader, cancel) => await reader.ReadAsync(cancel).ConfigureAwait(false) ? row(reader) : null,
            cancellation,
            values);

    /// <summary>All rows.</summary>
    public Task<List<T>> AllAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] values) =>
        ReadAsync(
            sql,
            async (reader, cancel) =>
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancel).ConfigureAwait(false)) rows.Add(row(reader));
                return rows;
            },
            cancellation,
            values);

    /// <summary>Runs several statements as one transaction; what goes wrong comes as the port names it.</summary>
    public async Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var driver = new DriverToken(cancellation);
        try
        {
            var connection = await ConnectAsync(driver.Token).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(driver.Token).ConfigureAwait(false);
            await using var __ = transaction.ConfigureAwait(false);
            var result = await work(connection, driver.Token).ConfigureAwait(false);
            await transaction.CommitAsync(driver.Token).ConfigureAwait(false);
            return result;
        }
        catch (Exception error) when (Failures.IsTranslated(error))
        {
            throw Failures.Translate(error, Name);
        }
    }

    public void Dispose() => _source.Dispose();

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task PrepareAsync(NpgsqlConnection connection)
    {
        var limit = ((long)_timeout.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        // Stronger settings of synchronous_commit stay: they make others wait for replicas, too.
        var command = connection.Command(
            "SELECT set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false), " +
            "set_config('default_transaction_isolation', 'read committed', false), set_config('search_path', 'enforcer', false), " +
            "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' " +
            "ELSE current_setting('synchronous_commit') END, false), " +
            "current_setting('server_version_num')::int, " + Durability.Columns,
            limit);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync().ConfigureAwait(false);
        if (reader.GetInt32(5) < OldestServer)
            throw new JournalUnavailableException($"{Name}: the server is version {reader.GetInt32(5) / 10_000}; 14 or newer is needed.");
        Durability.Require(reader, 6, Name);
    }
}
