using System.Net.Sockets;
using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>What can go wrong, as the port names it.</summary>
internal static class Failures
{
    /// <summary>
    /// True if the server itself has refused the statement and rolled it back: nothing of it was written. Anything else that comes while a
    /// statement commits, a session that the server ends included, leaves the outcome unknown.
    /// </summary>
    public static bool IsRolledBack(Exception error) => error is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>True if the connection was found dead, or the server has ended it: another one may be well.</summary>
    public static bool IsConnectionGone(Exception error) => error is PostgresException ended
        ? ended.InvariantSeverity == "FATAL" && ended.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        : error is NpgsqlException { InnerException: IOException or SocketException };

    /// <summary>True for what <see cref="Translate"/> knows.</summary>
    public static bool IsTranslated(Exception error) =>
        error is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException or InvalidCastException;

    /// <summary>The error with the server's name and the way out.</summary>
    public static Exception Translate(Exception error, string name) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.UniqueViolation } corrupt =>
            new JournalCorruptException($"{name}: {corrupt.MessageText}. Run `enforcer verify`, and restore a backup.", error),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full =>
            new JournalUnavailableException($"{name}: the disk is full ({full.MessageText}); nothing was changed. Free some space; it then goes on by itself.", error),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
            new JournalUnavailableException($"{name}: the server is a read-only replica. Name the primary (Target Session Attributes=primary).", error),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            new JournalUnavailableException($"{name}: {denied.MessageText}. Give this user the right to use and create in schema 'enforcer'.", error),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing =>
            new JournalUnavailableException($"{name}: {missing.MessageText}. Create it (createdb), or name another with Database= in the connection string.", error),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            new JournalUnavailableException($"{name}: {refused.MessageText}. Correct Username= and Password= in the connection string.", error),
        PostgresException other => new JournalUnavailableException($"{name}: {other.MessageText} ({other.SqlState})", error),
        InvalidCastException =>
            new JournalCorruptException($"{name}: a column holds what was never written there. Run `enforcer verify`, and restore a backup.", error),
        NpgsqlException { InnerException: SocketException } unreached =>
            new JournalUnavailableException($"{name}: {unreached.Message}. Start it, or correct Host= and Port= in the connection string.", error),
        _ => new JournalUnavailableException($"{name}: {error.Message}", error),
    };
}
