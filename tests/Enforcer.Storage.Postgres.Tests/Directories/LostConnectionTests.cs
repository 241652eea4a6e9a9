using Enforcer.Access;
using Enforcer.Access.Tests;
using Enforcer.Storage.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Enforcer.Storage.Postgres.Tests.Directories;

/// <summary>What a node believes, and what became of a change, when its connections are lost.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class LostConnectionTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private string _database = "";
    private House _here = null!;
    private CutProxy _wire = null!;
    private House _behindWire = null!;

    public async Task InitializeAsync()
    {
        _database = await server.NewDatabaseAsync();
        _here = await TestDirectory.HouseAsync(_database, 1);
        _wire = CutProxy.To(server);
        _behindWire = await TestDirectory.HouseAsync(new NpgsqlConnectionStringBuilder(_database) { Host = "127.0.0.1", Port = _wire.Port }.ToString(), 2);
    }

    public async Task DisposeAsync()
    {
        _here.Dispose();
        _behindWire.Dispose();
        await _wire.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_hears_nothing_stops_believing_its_cache_before_a_revocation_is_answered()
    {
        var key = await _here.KeyAsync("a");
        Assert.Equal("a", await _behindWire.PayerAsync(key.Credential));
        _wire.SwallowAnswers();
        var revoking = _here.Keys.RevokeAsync(key.Key.KeyId, "tok_test", "", None).AsTask();
        await revoking;
        Assert.False(_behindWire.Cache.TryFind(key.Credential.Hash, out _));
        Assert.NotNull(_behindWire.Directory.News!.Problem);

        // Once waited for, a silent node is not waited for again, and when it is back it knows everything.
        Assert.Equal(0L, await PostgresServer.SqlAsync(_database, "SELECT count(*) FROM watchers WHERE node = 'node-2'"));
        _wire.Cut();
        while (!_behindWire.Directory.News.IsCurrent) await Task.Delay(1);
        Assert.Null(await _behindWire.PayerAsync(key.Credential));
        Assert.Equal(1L, await PostgresServer.SqlAsync(_database, "SELECT count(*) FROM watchers WHERE node = 'node-2'"));
    }

    [Fact]
    public async Task A_node_whose_connections_are_cut_catches_up_on_new_ones()
    {
        for (var i = 0; i < 10; i++)
        {
            var key = await _here.KeyAsync("a");
            Assert.Equal("a", await _behindWire.PayerAsync(key.Credential));
            _wire.Cut();
            await _here.Keys.RevokeAsync(key.Key.KeyId, "tok_test", "", None);
            Assert.False(_behindWire.Cache.TryFind(key.Credential.Hash, out var grant) && grant is not null);
            while (!_behindWire.Directory.News!.IsCurrent) await Task.Delay(1);
            Assert.Null(await _behindWire.PayerAsync(key.Credential));
        }
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_is_asked_after()
    {
        _wire.SwallowAnswersTo("COMMIT\0");
        var creating = _behindWire.Directory.Accounts.CreateAsync(new NewAccount("a", "USD", 1), None).AsTask();
        while (!creating.IsCompleted && await _here.Directory.Accounts.FindAsync("a", None) is null) await Task.Delay(1);
        _wire.Cut();
        Assert.Equal(new AccountRecord(1, "a", "USD", 1), await creating);
    }

    [Fact]
    public async Task A_connection_that_has_died_in_the_pool_is_replaced_before_a_change_begins()
    {
        await _behindWire.AccountAsync("a");
        _wire.Cut();
        Assert.Equal(2, await _behindWire.AccountAsync("b"));
        _wire.Cut();
        Assert.Equal(2, await _behindWire.Directory.Accounts.CountAsync(None));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var nowhere = new PostgresOptions { ConnectionString = "Host=/nowhere;Username=enforcer;Password=hidden" };
        var error = await Assert.ThrowsAsync<DirectoryException>(
            () => PostgresDirectory.OpenAsync(nowhere, new DirectoryOptions(), TimeProvider.System, NullLogger.Instance));
        Assert.StartsWith("PostgreSQL /nowhere:5432/enforcer", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }
}
