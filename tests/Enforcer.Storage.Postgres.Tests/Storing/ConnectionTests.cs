using Enforcer.Journal;
using Enforcer.Storage.Postgres.Tests.Support;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres.Tests.Storing;

/// <summary>Connections that are lost while a batch is on its way: nothing is guessed, and what is read afterwards is the truth.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class ConnectionTests(PostgresServer server)
{
    private const string KillNode = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'enforcer/node-1' AND datname = current_database()";

    [Fact]
    public async Task A_statement_whose_connection_died_in_the_pool_is_repeated_with_the_same_values()
    {
        var database = await server.NewDatabaseAsync();
        await using var sessions = new Database(new PostgresOptions { ConnectionString = database, Node = "node-1" });
        var nothing = new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("7 ", await sessions.FirstAsync("SELECT $1::text || ' ' || coalesce($2, '')", static row => row.GetString(0), default, 7, nothing));
            await PostgresServer.SqlAsync(database, KillNode);
        }
    }

    /// <summary>As the driver's own callback does when its connection ends at that moment; a deadline would meet that on a timer's thread.</summary>
    [Fact]
    public async Task Whoever_cancels_does_not_meet_what_fails_in_the_driver()
    {
        await using var sessions = new Database(new PostgresOptions { ConnectionString = await server.NewDatabaseAsync(), Node = "node-1" });
        using var reading = new CancellationTokenSource();
        var read = sessions.ReadAsync<int>("SELECT 1", (_, token) => CancelAsync(reading, token), reading.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        using var writing = new CancellationTokenSource();
        var write = sessions.InTransactionAsync((_, token) => CancelAsync(writing, token).AsTask(), writing.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);

        static async ValueTask<int> CancelAsync(CancellationTokenSource caller, CancellationToken token)
        {
            var failed = false;
            await using var _ = token.Register(() =>
            {
                failed = true;
                throw new ObjectDisposedException("connection");
            });
            // Throws if what is registered above was registered on the caller's own token.
            caller.Cancel();
            Assert.True(failed);
            token.ThrowIfCancellationRequested();
            return 1;
        }
    }

    [Fact]
    public async Task A_batch_whose_answer_got_lost_is_found_to_be_there()
    {
        var database = await server.NewDatabaseAsync();
        await using var proxy = new CutProxy(server.Socket);
        await using var node = await TestNode.StartAsync(Through(proxy, database));
        var account = await node.NewAsync(1);
        proxy.SwallowAnswers();
        var ticket = account.Reserve(node.Journal);
        while ((long)(await PostgresServer.SqlAsync(database, "SELECT tip FROM tips"))! < ticket.Batch) await Task.Delay(1);
        var waiting = node.Journal.WhenDurableAsync(ticket).AsTask();
        Assert.False(waiting.IsCompleted);
        proxy.Cut();
        await Assert.ThrowsAsync<JournalLostException>(() => waiting);
        await node.ReadyAsync();
        Assert.True(node.Journal.DurableBatch >= ticket.Batch);
        Assert.True(node.IsLost(account.Tail));
        var again = await node.GetAsync(1, account.NowMs);
        Assert.Equal(account.Tail.Seq, again.Tail.Seq);
        await node.Journal.WhenDurableAsync(again.Cycle(node.Journal));
        await History.RequireSameAsync(node, again);
    }

    [Fact]
    public async Task A_batch_whose_session_was_ended_before_it_committed_is_found_not_to_be_there()
    {
        var database = await server.NewDatabaseAsync();
        await using var node = await TestNode.StartAsync(database);
        var account = await node.NewAsync(1);
        var seq = account.Tail.Seq;
        await using (var holder = new NpgsqlConnection(database))
        {
            // Somebody holds the fence, as a takeover would: the append waits in its transaction.
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("SELECT node FROM enforcer.nodes FOR UPDATE", holder);
            await hold.ExecuteScalarAsync();
            var waiting = node.Journal.WhenDurableAsync(account.Reserve(node.Journal)).AsTask();
            while ((long)(await PostgresServer.SqlAsync(database, "SELECT count(*) FROM pg_locks WHERE NOT granted"))! == 0) await Task.Delay(1);
            await PostgresServer.SqlAsync(database, KillNode);
            await Assert.ThrowsAsync<JournalLostException>(() => waiting);
            Assert.Equal(JournalReadiness.Unavailable, node.Journal.Readiness);
        }
        await node.ReadyAsync();
        var again = await node.GetAsync(1, account.NowMs);
        Assert.Equal(seq, again.Tail.Seq);
        await node.Journal.WhenDurableAsync(again.Cycle(node.Journal));
        await History.RequireSameAsync(node, again);
    }

    [Fact]
    public async Task A_statement_of_a_connection_that_was_given_up_adds_nothing_any_more()
    {
        var database = await server.NewDatabaseAsync();
        await using var proxy = new CutProxy(server.Socket);
        await using var node = await TestNode.StartAsync(Through(proxy, database));
        var account = await node.NewAsync(1);
        var seq = account.Tail.Seq;
        Task waiting;
        await using (var holder = new NpgsqlConnection(database))
        {
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("SELECT node FROM enforcer.nodes FOR UPDATE", holder);
            await hold.ExecuteScalarAsync();
            waiting = node.Journal.WhenDurableAsync(account.Reserve(node.Journal)).AsTask();
            while ((long)(await PostgresServer.SqlAsync(database, "SELECT count(*) FROM pg_locks WHERE NOT granted"))! == 0) await Task.Delay(1);
            // The server does not notice: the old statement still waits, and the new connection's raise of the incarnation waits behind it.
            proxy.Cut();
            await Assert.ThrowsAsync<JournalLostException>(() => waiting);
        }
        await node.ReadyAsync();
        var again = await node.GetAsync(1, account.NowMs);
        // Whichever of the two came first, what was read is the end.
        Assert.True(again.Tail.Seq == seq || again.Tail.Seq == account.Tail.Seq, $"{again.Tail.Seq} is neither {seq} nor {account.Tail.Seq}.");
        for (var i = 0; i < 5; i++) await node.Journal.WhenDurableAsync(again.Cycle(node.Journal));
        await History.RequireSameAsync(node, again);
    }

    [Fact]
    public async Task An_idle_node_whose_sessions_were_ended_recovers_by_itself()
    {
        var database = await server.NewDatabaseAsync();
        await using var node = await TestNode.StartAsync(database);
        var account = await node.NewAsync(1);
        for (var i = 0; i < 3; i++)
        {
            await PostgresServer.SqlAsync(database, KillNode);
            try
            {
                await node.Journal.WhenDurableAsync(account.Reserve(node.Journal));
            }
            catch (JournalLostException)
            {
                await node.ReadyAsync();
                account = await node.GetAsync(1, account.NowMs);
            }
            await node.Journal.WhenDurableAsync(account.Cycle(node.Journal));
        }
        await History.RequireSameAsync(node, account);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_its_password()
    {
        await using var store = PostgresJournalStore.ForNode(new PostgresOptions
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d",
        });
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.OpenAsync("test", default));
        Assert.Contains("PostgreSQL 127.0.0.1:1/d", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private static string Through(CutProxy proxy, string database) =>
        new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = proxy.Port, Pooling = true }.ConnectionString;
}
