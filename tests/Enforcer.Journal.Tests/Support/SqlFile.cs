using Enforcer.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Enforcer.Journal.Tests.Support;

/// <summary>A journal file under the hands of somebody who should not touch it.</summary>
internal static class SqlFile
{
    public static string In(string folder) => Path.Combine(folder, "journal.db");

    /// <summary>Copies a data folder's journal, as a crash would leave it if the server runs.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, "journal.db*"))
        {
            if (!file.EndsWith("-shm", StringComparison.Ordinal)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    public static int Execute(string folder, string sql, params (string Name, object Value)[] values)
    {
        using var connection = Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }

    public static List<object[]> Read(string folder, string sql)
    {
        using var connection = Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    internal static SqliteConnection Open(string folder)
    {
        _ = SqliteJournalStore.InFolder(folder);
        var connection = new SqliteConnection($"Data Source={In(folder)};Pooling=False");
        connection.Open();
        return connection;
    }
}
