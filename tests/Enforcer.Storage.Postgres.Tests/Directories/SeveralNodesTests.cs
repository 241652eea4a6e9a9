using Enforcer.Access;
using Enforcer.Access.Tests;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Directories;

/// <summary>One directory, several nodes: what one changes counts on the others when its call completes.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class SeveralNodesTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private string _database = "";
    private House _here = null!;
    private House _there = null!;

    public async Task InitializeAsync()
    {
        _database = await server.NewDatabaseAsync();
        _here = await TestDirectory.HouseAsync(_database, 1);
        _there = await TestDirectory.HouseAsync(_database, 2);
    }

    public Task DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Who_only_reads_finds_ids_by_numbers_and_takes_no_name()
    {
        var options = new PostgresOptions { ConnectionString = _database, Node = "node-1" };
        var accounts = _here.Directory.Accounts;
        var (one, two) = (await accounts.CreateAsync(new NewAccount("first", "USD", 1), None), await accounts.CreateAsync(new NewAccount("second", "USD", 1), None));
        var ids = await PostgresDirectory.ReadIdsAsync(options, [one.Number, two.Number, 4_711]);
        Assert.Equal(["first", "second"], ids.OrderBy(pair => pair.Key).Select(pair => pair.Value));
        var error = await Assert.ThrowsAsync<DirectoryException>(async () => await PostgresDirectory.ReadIdsAsync(options with { ConnectionString = server.Admin }, [1]));
        Assert.Contains("accounts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_revoked_on_one_node_counts_at_once_on_the_other()
    {
        for (var i = 0; i < 20; i++)
        {
            var key = await _here.KeyAsync("a");
            Assert.Equal("a", await _there.PayerAsync(key.Credential));
            Assert.True(_there.Cache.TryFind(key.Credential.Hash, out _));
            await _here.Keys.RevokeAsync(key.Key.KeyId, "tok_test", "", None);
            Assert.Null(await _there.PayerAsync(key.Credential));
        }
    }

    [Fact]
    public async Task A_key_rotated_on_one_node_ends_on_the_other()
    {
        var key = await _here.KeyAsync("a");
        Assert.Equal("a", await _there.PayerAsync(key.Credential));
        var rotation = await _here.Keys.RotateAsync(key.Key.KeyId, TimeSpan.Zero, "tok_test", None);
        Assert.Null(await _there.PayerAsync(key.Credential));
        Assert.Equal("a", await _there.PayerAsync(rotation.Issued!.Credential));
    }

    [Fact]
    public async Task A_token_revoked_on_one_node_counts_at_once_on_the_other()
    {
        await _here.Tokens.CreateFirstAsync(None);
        var edge = (await _here.Tokens.CreateAsync(Role.Edge, "", "", None))!;
        Assert.NotNull(await _there.WhoAsync(edge.Credential));
        await _here.Tokens.RevokeAsync(edge.Token.TokenId, "", None);
        Assert.Null(await _there.WhoAsync(edge.Credential));
    }

    [Fact]
    public async Task Under_load_nobody_is_let_in_anywhere_after_a_revocation_was_answered()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = await _here.KeyAsync("a");
            var isRevoked = false;
            var tooLate = 0;
            var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    var wasRevoked = Volatile.Read(ref isRevoked);
                    var isIn = await _there.PayerAsync(key.Credential) is not null;
                    if (isIn && wasRevoked) Interlocked.Increment(ref tooLate);
                    if (wasRevoked) return;
                }
            })).ToList();
            await _here.Keys.RevokeAsync(key.Key.KeyId, "t", "", None);
            Volatile.Write(ref isRevoked, true);
            await Task.WhenAll(readers);
            Assert.Equal(0, tooLate);
        }
    }

    [Fact]
    public async Task What_was_missed_and_is_no_longer_listed_makes_a_node_forget_everything()
    {
        var key = await _here.KeyAsync("a");
        Assert.Equal("a", await _there.PayerAsync(key.Credential));
        await PostgresServer.SqlAsync(
            _database, $"UPDATE keys SET revoked_at_ms = 1 WHERE key_id = '{key.Key.KeyId}'", "UPDATE directory SET changes = changes + 1", "NOTIFY enforcer_changes");
        while (await _there.PayerAsync(key.Credential) is not null) await Task.Delay(1);
    }

    [Fact]
    public async Task Accounts_made_on_several_nodes_get_numbers_of_their_own_without_gaps()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => (i % 2 == 0 ? _here : _there).AccountAsync($"a{i / 4}"))));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), made.Distinct().Order());
        for (var i = 0; i < 200; i++) Assert.Equal(made[i / 4 * 4], made[i]);
        Assert.Equal(50, await _there.Directory.Accounts.CountAsync(None));
    }

    [Fact]
    public async Task Of_several_nodes_that_start_together_one_shows_the_first_token()
    {
        var issued = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? _here : _there).Tokens.CreateFirstAsync(None).AsTask()));
        Assert.Single(issued, token => token is not null);
    }

    [Fact]
    public async Task A_second_process_of_one_name_is_refused_and_told_the_way_out()
    {
        var error = await Assert.ThrowsAsync<DirectoryException>(() => TestDirectory.OpenAsync(_database, "node-2"));
        Assert.Contains("'node-2' is running already", error.Message, StringComparison.Ordinal);
        Assert.Contains("--node NAME", error.Message, StringComparison.Ordinal);
        _there.Dispose();
        _there = await TestDirectory.HouseAsync(_database, 2);
    }

    [Fact]
    public async Task Texts_that_cannot_be_stored_are_not_found()
    {
        await _here.KeyAsync("a");
        Assert.Null(await _here.Directory.Keys.GetAsync("key_\0", None));
        Assert.Null(await _here.Directory.Tokens.GetAsync("tok_\ud800", None));
        Assert.Null(await _here.Directory.Accounts.FindAsync("a\0", None));
        Assert.Single(await _here.Directory.Keys.ListAsync(null, "\0", 10, None));
        Assert.Empty(await _here.Directory.Accounts.ListAsync("a\ud800", 10, None));
    }
}
