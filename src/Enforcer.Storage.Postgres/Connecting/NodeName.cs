using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// A node's name belongs to one process at a time: whoever holds it holds an advisory lock, as long as its connection lasts. This is a courtesy, so that
/// a second process is told before it replaces the first one; what keeps two from writing is the fence.
/// </summary>
internal static class NodeName
{
    /// <summary>A process that was just killed may keep its connection for a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the name for this connection.</summary>
    /// <exception cref="DirectoryException">Another process has it.</exception>
    public static async Task TakeAsync(NpgsqlConnection connection, string node, string database, TimeProvider clock, CancellationToken cancellation)
    {
        var startedAt = clock.GetTimestamp();
        while (!await TryTakeAsync(connection, node, cancellation).ConfigureAwait(false))
        {
            if (clock.GetElapsedTime(startedAt) >= Patience)
            {
                var owner = await connection.FirstAsync("SELECT owner FROM nodes WHERE name = $1", static row => row.GetString(0), cancellation, node)
                    .ConfigureAwait(false);
                throw new DirectoryException(
                    $"{database}: a node '{node}' is running already{(string.IsNullOrEmpty(owner) ? "" : $", as machine/process {owner}")}. " +
                    "Give this one a name of its own (--node NAME), or stop that one first. If its machine has died, its name is free within half a minute.");
            }
            await Task.Delay(Pause, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the name if it is free. The server finds out within half a minute if this machine dies.</summary>
    public static async Task<bool> TryTakeAsync(NpgsqlConnection connection, string node, CancellationToken cancellation) => await connection.FirstAsync(
        "SELECT pg_try_advisory_lock(hashtextextended('enforcer/node/' || $1, 0)), set_config('tcp_keepalives_idle', '10', false), " +
        "set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)",
        static row => row.GetBoolean(0) ? "" : null!,
        cancellation,
        node).ConfigureAwait(false) is not null;
}
