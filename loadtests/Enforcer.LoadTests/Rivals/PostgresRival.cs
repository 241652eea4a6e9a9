using System.Diagnostics;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;
using Npgsql;

namespace Enforcer.LoadTests.Rivals;

/// <summary>A PostgreSQL function per call, prepared once per connection, one connection per client.</summary>
internal sealed class PostgresRival : IRival
{
    private readonly PostgresCluster _cluster;
    private readonly NpgsqlDataSource _source;

    private PostgresRival(PostgresCluster cluster)
    {
        _cluster = cluster;
        _source = NpgsqlDataSource.Create(cluster.ConnectionString);
    }

    public string Name => "postgresql function";

    /// <param name="accounts">Accounts 0 to n-1 are made.</param>
    public static async Task<PostgresRival> StartAsync(int accounts)
    {
        var rival = new PostgresRival(await PostgresCluster.StartAsync().ConfigureAwait(false));
        await rival._source.CreateCommand(PostgresSchema.Create).ExecuteNonQueryAsync().ConfigureAwait(false);
        await using var fill = rival._source.CreateCommand(PostgresSchema.Fill);
        fill.Parameters.Add(new NpgsqlParameter<long> { TypedValue = CycleLoad.CapNanos });
        fill.Parameters.Add(new NpgsqlParameter<int> { TypedValue = accounts });
        await fill.ExecuteNonQueryAsync().ConfigureAwait(false);
        return rival;
    }

    public Task<LoadResult> RunAsync(CycleLoad load, CancellationToken cancellation) =>
        ClosedLoop.RunAsync(_cluster.ProcessId, load.Clients, load.Duration, (number, tally, stop) => ClientAsync(number, load, tally, stop, cancellation));

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await _cluster.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ClientAsync(int number, CycleLoad load, Tally tally, long stop, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var (id, account) = (new NpgsqlParameter<Guid>(), new NpgsqlParameter<int>());
        var (commitId, commitAccount) = (new NpgsqlParameter<Guid>(), new NpgsqlParameter<int>());
        await using var reserve = await PrepareAsync(connection, "SELECT reserve($1, $2, $3, $4)",
            [id, account, Long(CycleLoad.ReserveNanos), Long(CycleLoad.TtlMs)]).ConfigureAwait(false);
        await using var settle = await PrepareAsync(connection, "SELECT settle($1, $2, $3)",
            [commitId, commitAccount, Long(CycleLoad.CommitNanos)]).ConfigureAwait(false);
        var random = new Random(number);
        var ids = new OperationIds(random, TimeProvider.System);
        while (Stopwatch.GetTimestamp() < stop && !cancellation.IsCancellationRequested)
        {
            commitId.TypedValue = id.TypedValue = ToGuid(ids.Next());
            commitAccount.TypedValue = account.TypedValue = random.Next(load.Accounts);
            await CallAsync(reserve, tally).ConfigureAwait(false);
            await CallAsync(settle, tally).ConfigureAwait(false);
        }
    }

    private static async ValueTask CallAsync(NpgsqlCommand command, Tally tally)
    {
        var sent = Stopwatch.GetTimestamp();
        var answer = (long)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
        tally.Latency.Record(ClosedLoop.NanosSince(sent));
        tally.Operations++;
        if (answer < 0)
            tally.Refusals++;
    }

    private static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string text, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync().ConfigureAwait(false);
        return command;
    }

    private static NpgsqlParameter<long> Long(long value) => new() { TypedValue = value };

    private static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        OperationIds.Write(id, bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
