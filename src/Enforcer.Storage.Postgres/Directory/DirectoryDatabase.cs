using Enforcer.Access;
using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Reads and changes the directory's tables; what goes wrong comes as the directory names it. A change whose connection is lost while it commits is
/// asked after by its number until it is known whether it was made.
/// </summary>
internal sealed class DirectoryDatabase(Database database, int auditLinesPerKind, TimeSpan timeout, TimeProvider clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Server and database, for messages.</summary>
    public string Name => database.Name;

    /// <summary>The first row; null if there is none.</summary>
    public async ValueTask<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] values)
        where T : class
    {
        try
        {
            return await database.FirstAsync(sql, row, cancellation, values).ConfigureAwait(false);
        }
        catch (Exception error) when (IsTranslated(error))
        {
            throw Translate(error, Name);
        }
    }

    /// <summary>All rows.</summary>
    public async ValueTask<List<T>> AllAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] values)
    {
        try
        {
            return await database.AllAsync(sql, row, cancellation, values).ConfigureAwait(false);
        }
        catch (Exception error) when (IsTranslated(error))
        {
            throw Translate(error, Name);
        }
    }

    /// <summary>Makes a change as one transaction that is durable when this completes. Changes come one after the other, from whichever node.</summary>
    public async ValueTask<T> ChangeAsync<T>(Func<DirectoryChange, Task<T>> work, CancellationToken cancellation)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                return await ChangeOnceAsync(work, cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (!isAgain && Failures.IsConnectionGone(error))
            {
                // A connection that had died in the pool. It was not lost in the commit, so nothing was changed.
            }
            catch (Exception error) when (IsTranslated(error))
            {
                throw Translate(error, Name);
            }
        }
    }

    /// <summary>What the directory throws for an error of the database.</summary>
    public static DirectoryException Translate(Exception error, string name)
    {
        var known = Failures.IsTranslated(error) ? Failures.Translate(error, name) : error;
        return new DirectoryException(known.Message, known);
    }

    /// <summary>True for what <see cref="Translate"/> knows.</summary>
    public static bool IsTranslated(Exception error) =>
        Failures.IsTranslated(error) || error is JournalUnavailableException or JournalCorruptException or JournalFormatException;

    private async Task<T> ChangeOnceAsync<T>(Func<DirectoryChange, Task<T>> work, CancellationToken cancellation)
    {
        using var driver = new DriverToken(cancellation);
        var connection = await database.ConnectAsync(driver.Token).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(driver.Token).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var change = await DirectoryChange.BeginAsync(connection, auditLinesPerKind, driver.Token).ConfigureAwait(false);
        var result = await work(change).ConfigureAwait(false);
        await CommitAsync(transaction, change.Transaction).ConfigureAwait(false);
        return result;
    }

    private async Task CommitAsync(NpgsqlTransaction transaction, string id)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (Failures.IsTranslated(error) && !Failures.IsRolledBack(error))
        {
            if (!await WasMadeAsync(id, error).ConfigureAwait(false))
                throw new DirectoryException($"{Translate(error, Name).Message} Nothing was changed; try again.", error);
        }
    }

    private async Task<bool> WasMadeAsync(string id, Exception lost)
    {
        var startedAt = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var status = await database.FirstAsync(
                    "SELECT pg_xact_status($1::text::xid8)", static row => row.GetString(0), CancellationToken.None, id).ConfigureAwait(false);
                if (status is "committed" or "aborted") return status == "committed";
            }
            catch (JournalUnavailableException error) when (clock.GetElapsedTime(startedAt) >= timeout)
            {
                throw new DirectoryException(
                    $"{error.Message} The connection was lost while a change was made durable ({lost.Message}); whether it was made is not known. Look before you make it again.",
                    error);
            }
            catch (JournalUnavailableException)
            {
                // Asked again below.
            }
            await Task.Delay(AskAgain, clock).ConfigureAwait(false);
        }
    }
}
