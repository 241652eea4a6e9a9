using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>Which PostgreSQL, and who uses it.</summary>
public sealed record PostgresOptions
{
    /// <summary>The longest name of a node.</summary>
    public const int MaxNodeChars = 48;

    /// <summary>An Npgsql connection string. Connect directly: a pooler between would hide lost connections and shuffle sessions.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>This node's name: 1 to 48 characters of A-Z a-z 0-9 . _ -. It keeps its stream of the journal as long as it keeps its name.</summary>
    public string Node { get; init; } = "node-1";

    /// <summary>After so long without an answer a statement counts as failed, an append as unknown: 100 ms to 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many batches one partition of the journal holds, which is what can be archived in one piece: 1 to 2^30.</summary>
    public int BatchesPerPartition { get; init; } = 1 << 20;

    /// <summary>The name of a node after its machine: what a name may not hold becomes a hyphen.</summary>
    public static string NodeOf(string machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var name = string.Concat(machine.Take(MaxNodeChars).Select(static c => IsNamed(c) ? c : '-'));
        return name.Length > 0 ? name : "node-1";
    }

    /// <summary>Refuses what is out of its bounds.</summary>
    /// <exception cref="ArgumentException">Something is; the message says what, and the rule.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString)) throw new ArgumentException("ConnectionString is missing: say which PostgreSQL, as 'Host=…;Database=…;Username=…'.");
        RequireReadable(ConnectionString);
        if (Node.Length is 0 or > MaxNodeChars || !Node.All(IsNamed))
            throw new ArgumentException($"Node: '{Node}' is not 1 to {MaxNodeChars} characters of A-Z a-z 0-9 . _ -");
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(10))
            throw new ArgumentException($"Timeout: {Timeout} is not 100 ms to 10 minutes.");
        if (BatchesPerPartition is < 1 or > 1 << 30)
            throw new ArgumentException($"BatchesPerPartition: {BatchesPerPartition} is not 1 to {1 << 30}.");
    }

    private static bool IsNamed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    private static void RequireReadable(string connectionString)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(parts.Host)) throw new ArgumentException("Host is missing");
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException)
        {
            // Without the string itself: there may be a password in it.
            throw new ArgumentException($"ConnectionString: it cannot be read: {wrong.Message.TrimEnd('.')}. Give one such as 'Host=127.0.0.1;Database=enforcer;Username=enforcer'.", wrong);
        }
    }
}
