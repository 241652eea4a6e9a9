using Enforcer.Journal;
using Enforcer.Server.Options;
using Enforcer.Server.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Enforcer.Server.Tests;

/// <summary>What a server does not start on, and what it says then.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Newer_journal_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        await server.StopAsync();
        Change(server, "PRAGMA user_version = 99");
        var refused = await Assert.ThrowsAsync<JournalFormatException>(() => TestServer.StartOnAsync(server.Place.Configure));
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_that_is_served_is_refused_and_the_first_server_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => TestServer.StartOnAsync(server.Place.Configure));
        Assert.Contains(server.Place.Folder, refused.Message, StringComparison.Ordinal);
        var key = await server.CreateKeyAsync();
        await using var reservation = await server.Client.ReserveAsync(key.Secret, 1);
        Assert.True(reservation.IsGranted);
    }

    [Fact]
    public async Task Journal_whose_last_batch_is_cut_off_is_refused()
    {
        await using var server = await StoppedAfterWorkAsync();
        Change(server, "DELETE FROM batches WHERE number = (SELECT max(number) FROM batches)");
        var refused = await Assert.ThrowsAsync<JournalCorruptException>(() => TestServer.StartOnAsync(server.Place.Configure));
        Assert.Matches("[Bb]atch \\d+", refused.Message);
    }

    [Fact]
    public async Task Journal_file_that_is_cut_short_is_refused()
    {
        await using var server = await StoppedAfterWorkAsync();
        await using (var file = new FileStream(Journal(server), FileMode.Open)) file.SetLength(file.Length / 3);
        var refused = await Assert.ThrowsAsync<JournalCorruptException>(() => TestServer.StartOnAsync(server.Place.Configure));
        Assert.Contains("journal.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_are_told_all_at_once()
    {
        var refused = await Assert.ThrowsAsync<OptionsException>(() => TestServer.StartOnAsync(options =>
        {
            options.Data = "";
            options.Grpc = "nowhere";
            options.RetentionMs = 1;
        }));
        Assert.Contains("data is empty", refused.Message, StringComparison.Ordinal);
        Assert.Contains("grpc 'nowhere'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("retention_ms is 1", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<TestServer> StoppedAfterWorkAsync()
    {
        var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var reservation = await server.Client.ReserveAsync(key.Secret, 10);
            await reservation.CommitAsync(5);
        }
        await server.StopAsync();
        return server;
    }

    private static string Journal(TestServer server) => Path.Combine(server.Place.Folder, "journal.db");

    private static void Change(TestServer server, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Journal(server)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
