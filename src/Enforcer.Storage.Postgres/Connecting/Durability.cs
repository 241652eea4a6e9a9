using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// What a server must be set to so that nothing is lost that was answered. A session asks when it begins, and each append asks again within its own
/// statement: <c>fsync</c> and <c>full_page_writes</c> can be switched off under a server that runs.
/// </summary>
internal static class Durability
{
    /// <summary>True in SQL while an answer of this session outlives a loss of power.</summary>
    public const string IsKept = "current_setting('fsync') <> 'off' AND current_setting('full_page_writes') <> 'off' AND current_setting('synchronous_commit') <> 'off'";

    /// <summary>What <see cref="Require"/> reads.</summary>
    public const string Columns = "current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";

    /// <summary>Looks at the columns of a row, from one of them on.</summary>
    /// <param name="row">A row with <see cref="Columns"/>.</param>
    /// <param name="first">Where they begin.</param>
    /// <param name="name">The server's, for the message.</param>
    /// <exception cref="JournalUnavailableException">The server would lose what it calls durable; says which setting, and the way out.</exception>
    public static void Require(NpgsqlDataReader row, int first, string name)
    {
        RefuseOff(row.GetString(first), name, "fsync", "would be lost when the machine loses power");
        RefuseOff(row.GetString(first + 1), name, "full_page_writes", "could be torn when the machine loses power");
        RefuseOff(row.GetString(first + 2), name, "synchronous_commit", "would be told as durable before they are");
    }

    private static void RefuseOff(string value, string name, string setting, string what)
    {
        if (value != "off") return;
        throw new JournalUnavailableException(
            $"{name}: the server runs with {setting} = off, so entries {what}. " +
            $"Set {setting} = on (ALTER SYSTEM SET {setting} = on; SELECT pg_reload_conf();), or name another server.");
    }
}
