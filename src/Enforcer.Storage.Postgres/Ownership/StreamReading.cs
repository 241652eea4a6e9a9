using Enforcer.Journal;
using Enforcer.Journal.Reading;

namespace Enforcer.Storage.Postgres;

/// <summary>Goes through a part of another node's stream, to see where accounts end there.</summary>
internal static class StreamReading
{
    /// <summary>A scan that begins after a batch, whose hash is read for it.</summary>
    public static async Task<TailScan> BeginAsync(Database database, long after, IReadOnlyCollection<long>? wanted, CancellationToken cancellation)
    {
        var hash = await database.FirstAsync("SELECT hash FROM batches WHERE number = $1", static row => row.GetFieldValue<byte[]>(0), cancellation, after)
            .ConfigureAwait(false);
        return Begin(database, after, hash, wanted);
    }

    /// <summary>The same with that batch's hash; null if there is none.</summary>
    public static TailScan Begin(Database database, long after, byte[]? hash, IReadOnlyCollection<long>? wanted) =>
        new(after, after == BatchNumber.OriginOf(after) ? new byte[32] : hash ?? throw Missing(database, after), wanted);

    /// <summary>Goes on up to a batch.</summary>
    /// <exception cref="JournalCorruptException">A batch is missing or damaged.</exception>
    public static async Task ReadOnAsync(Database database, TailScan scan, long through, CancellationToken cancellation)
    {
        await foreach (var batch in PostgresJournalStore.ReadStreamAsync(database, scan.Through + 1, through, cancellation).ConfigureAwait(false)) scan.Add(batch);
        if (scan.Through != through) throw Missing(database, scan.Through + 1);
    }

    private static JournalCorruptException Missing(Database database, long batch) =>
        new($"{database.Name}: batch {batch} is missing, although later ones were durable: the journal was cut. Run `enforcer verify`.") { Batch = batch };
}
