using System.Collections.Concurrent;
using Enforcer.Access;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Hears of credentials that other nodes change, and makes changes wait until the others have heard of them. One connection listens; it also holds
/// the node's name.
/// </summary>
/// <remarks>
/// <para><b>Why a revocation counts everywhere when its call completes.</b> Changes of credentials are numbered in the order in which they are committed.
/// A node believes its caches only for <see cref="Lease"/> after it <i>began</i> to ask for the last number, and only if it has forgotten everything up to
/// the number that it was told and has filed that in its row in <c>watchers</c>. Whoever makes a change waits until every row says that the change was
/// heard of, or until the lease of any node that had asked before the commit must be over. A node without a row has no lease: one whose row was deleted
/// because it was silent gets its next lease only after it has made the row again. No clocks are compared, only lengths of time.</para>
/// <para>A notification only makes a node ask at once; without any it asks every <see cref="Interval"/>. When the connection is lost, the caches are not
/// believed any more until there is another one. Changes are kept for a while, so nothing that was missed meanwhile is missed for good; if too many were
/// missed, everything is forgotten.</para>
/// </remarks>
internal sealed class DirectoryNews : IDirectoryNews, IAsyncDisposable
{
    /// <summary>What nodes listen on.</summary>
    public const string Channel = "enforcer_changes";

    /// <summary>For so long caches are believed after they were up to date.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>So often a node asks what has changed if nobody tells it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Waiting for others is a little longer than a lease: two machines' seconds may differ in length.</summary>
    private static readonly TimeSpan Patience = Lease * 1.1;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentQueue<ICredentialCache> _caches = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Guid _watcher = Guid.NewGuid();
    private readonly Database _database;
    private readonly DirectoryDatabase _directory;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly long _leaseTicks;
    private Task _listening = Task.CompletedTask;
    private volatile string? _problem;
    private volatile bool _isTold;
    private long _currentUntil;
    private long _seen;

    public DirectoryNews(Database database, DirectoryDatabase directory, string node, TimeProvider clock, ILogger log)
    {
        (_database, _directory, _node, _clock, _log) = (database, directory, node, clock, log);
        _leaseTicks = (long)(Lease.TotalSeconds * clock.TimestampFrequency);
        // Before anything was asked, nothing is believed, wherever the clock begins.
        _currentUntil = long.MinValue;
    }

    /// <inheritdoc/>
    public bool IsCurrent => _clock.GetTimestamp() < Volatile.Read(ref _currentUntil);

    /// <inheritdoc/>
    public string? Problem => _problem ?? (IsCurrent ? null : $"{_database.Name}: the server does not answer.");

    /// <inheritdoc/>
    public void Attach(ICredentialCache cache) => _caches.Enqueue(cache);

    /// <summary>Takes the node's name and begins to listen.</summary>
    /// <exception cref="DirectoryException">Another process has the name, or the server does not answer.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
        try
        {
            await NodeName.TakeAsync(connection, _node, _database.Name, _clock, cancellation).ConfigureAwait(false);
            await ListenAsync(connection).ConfigureAwait(false);
            await CatchUpAsync(connection).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        _listening = Task.Run(() => RunAsync(connection), CancellationToken.None);
    }

    /// <summary>Makes a change that other nodes' caches must hear of, and waits until they have or do not believe themselves any more.</summary>
    public async ValueTask<T> ChangeAsync<T>(Func<DirectoryChange, Task<T>> work, CancellationToken cancellation)
    {
        var number = 0L;
        var result = await _directory.ChangeAsync(
            async change =>
            {
                var made = await work(change).ConfigureAwait(false);
                number = change.Changes;
                return made;
            },
            cancellation).ConfigureAwait(false);
        await HeardAsync(number, cancellation).ConfigureAwait(false);
        return result;
    }

    /// <summary>Ends without waiting; caches are not believed any more.</summary>
    public void Stop()
    {
        Cancel();
        Volatile.Write(ref _currentUntil, long.MinValue);
    }

    public async ValueTask DisposeAsync()
    {
        Cancel();
        await _listening.ConfigureAwait(false);
        Volatile.Write(ref _currentUntil, long.MinValue);
        try
        {
            await _directory.FirstAsync("DELETE FROM watchers WHERE watcher = $1 RETURNING node", static row => row.GetString(0), CancellationToken.None, _watcher)
                .ConfigureAwait(false);
        }
        catch (DirectoryException)
        {
            // Nobody waits for it longer than for its lease.
        }
        _stopping.Dispose();
    }

    private void Cancel()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (AggregateException)
        {
            // The driver's callback fails if its connection ends at this very moment. All is cancelled, and ended.
        }
    }

    private async ValueTask HeardAsync(long number, CancellationToken cancellation)
    {
        var startedAt = _clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(1); _clock.GetElapsedTime(startedAt) < Patience; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            if (await IsHeardAsync("SELECT watcher FROM watchers WHERE seen < $1 AND watcher <> $2 LIMIT 1", number, cancellation).ConfigureAwait(false)) return;
            await Task.Delay(pause, _clock, cancellation).ConfigureAwait(false);
        }
        // Nobody is waited for twice.
        await IsHeardAsync("DELETE FROM watchers WHERE seen < $1 AND watcher <> $2", number, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsHeardAsync(string sql, long number, CancellationToken cancellation)
    {
        try
        {
            return await _directory.FirstAsync(sql, static row => (object)row.GetGuid(0), cancellation, number, _watcher).ConfigureAwait(false) is null;
        }
        catch (DirectoryException)
        {
            // The change is made. Whether the others have heard of it cannot be asked now: their leases will be over.
            return false;
        }
    }

    private async Task RunAsync(NpgsqlConnection? connection)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                connection ??= await ReconnectAsync().ConfigureAwait(false);
                await FollowAsync(connection).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Leaves the loop.
            }
#pragma warning disable CA1031 // Whatever it was, the caches are not believed until it works again; it is told and tried again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _currentUntil, long.MinValue);
                var problem = DirectoryDatabase.Translate(error, _database.Name).Message;
                if (_problem is null) DirectoryLog.Lost(_log, problem);
                _problem = problem;
                await Task.Delay(LongestPause, _clock).ConfigureAwait(false);
            }
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
            connection = null;
        }
    }

    private async Task<NpgsqlConnection> ReconnectAsync()
    {
        var connection = await _database.ConnectAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            // Whoever has taken the name meanwhile has replaced this node; the journal's fence sees to that.
            await NodeName.TryTakeAsync(connection, _node, _stopping.Token).ConfigureAwait(false);
            await ListenAsync(connection).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private Task<int> ListenAsync(NpgsqlConnection connection)
    {
        connection.Notification += (_, _) => _isTold = true;
        return connection.ExecuteAsync($"LISTEN {Channel}", _stopping.Token);
    }

    private async Task FollowAsync(NpgsqlConnection connection)
    {
        while (true)
        {
            _isTold = false;
            await CatchUpAsync(connection).ConfigureAwait(false);
            if (_problem is not null) DirectoryLog.Found(_log);
            _problem = null;
            // What is told while asking is asked for once more.
            if (!_isTold) await connection.WaitAsync(Interval, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what was changed, files how far that goes, and asks again until nothing is left; then caches are believed for a while.</summary>
    private async Task CatchUpAsync(NpgsqlConnection connection)
    {
        while (true)
        {
            var askedAt = _clock.GetTimestamp();
            var (latest, filed) = await AskAsync(connection).ConfigureAwait(false);
            if (latest == _seen && filed == _seen)
            {
                Volatile.Write(ref _currentUntil, askedAt + _leaseTicks);
                return;
            }
            if (latest != _seen) await ForgetAsync(connection, latest).ConfigureAwait(false);
            _seen = latest;
            await connection.ExecuteAsync(
                "INSERT INTO watchers VALUES ($1, $2, $3) ON CONFLICT (watcher) DO UPDATE SET seen = excluded.seen",
                _stopping.Token,
                _watcher,
                _node,
                latest).ConfigureAwait(false);
        }
    }

    private async Task<(long Latest, long? Filed)> AskAsync(NpgsqlConnection connection)
    {
        var command = connection.Command("SELECT d.changes, w.seen FROM directory d LEFT JOIN watchers w ON w.watcher = $1", _watcher);
        await using var _ = command.ConfigureAwait(false);
        // A server that is silent for longer than a lease may as well be asked on another connection.
        command.CommandTimeout = (int)Lease.TotalSeconds;
        var reader = await command.ExecuteReaderAsync(_stopping.Token).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }

    private async Task ForgetAsync(NpgsqlConnection connection, long latest)
    {
        var hashes = new List<CredentialHash>();
        var command = connection.Command("SELECT hash FROM changes WHERE number > $1 AND number <= $2 ORDER BY number", _seen, latest);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(_stopping.Token).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(_stopping.Token).ConfigureAwait(false)) hashes.Add(new CredentialHash(reader.GetFieldValue<byte[]>(0)));
        }
        // Fewer than were made: too many were missed, or another state of the database was restored.
        var isComplete = hashes.Count == latest - _seen;
        foreach (var cache in _caches)
        {
            if (!isComplete) await cache.ForgetAllAsync().ConfigureAwait(false);
            else foreach (var hash in hashes) await cache.ForgetAsync(hash).ConfigureAwait(false);
        }
    }
}
