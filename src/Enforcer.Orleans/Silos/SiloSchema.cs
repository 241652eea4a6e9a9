using Npgsql;

namespace Enforcer.Orleans;

/// <summary>The cluster's own tables and statements (<c>silos.sql</c>): the providers' packages bring none.</summary>
internal static class SiloSchema
{
    /// <summary>Makes what is not there; silos that start together do it once.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached, or does not let this user make tables.</exception>
    public static async Task PrepareAsync(string connectionString, CancellationToken cancel)
    {
        using var text = new StreamReader(typeof(SiloSchema).Assembly.GetManifestResourceStream("silos.sql")!);
        var connection = new NpgsqlConnection(connectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancel).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
#pragma warning disable CA2100 // The text is the assembly's own.
        var command = new NpgsqlCommand(await text.ReadToEndAsync(cancel).ConfigureAwait(false), connection, transaction);
#pragma warning restore CA2100
        await using var ___ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
        await transaction.CommitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The same database, with the schema in which the providers' names are looked up.</summary>
    public static string Reaching(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "enforcer" }.ConnectionString;
}
