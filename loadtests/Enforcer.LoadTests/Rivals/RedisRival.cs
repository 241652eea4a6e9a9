using System.Diagnostics;
using System.Globalization;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Rivals;

/// <summary>Redis with its append-only file, and the two scripts of <see cref="RedisScripts"/>.</summary>
internal sealed class RedisRival : IRival
{
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly ChildProcess _process;
    private byte[] _reserve = [];
    private byte[] _commit = [];

    private RedisRival(string fsync)
    {
        Name = $"redis appendfsync {fsync}";
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", _port.ToString(CultureInfo.InvariantCulture), "--dir", _folder.Path,
            "--appendonly", "yes", "--appendfsync", fsync, "--save", "", "--daemonize", "no",
        ];
        _process = new ChildProcess("redis-server", arguments);
    }

    public string Name { get; }

    /// <param name="fsync"><c>everysec</c> or <c>always</c>.</param>
    /// <param name="accounts">Accounts a:0 to a:n-1 are made.</param>
    public static async Task<RedisRival> StartAsync(string fsync, int accounts)
    {
        var rival = new RedisRival(fsync);
        await rival._process.WaitUntilAsync(() => ChildProcess.ListensAsync(rival._port), TimeSpan.FromSeconds(10), "redis-server")
            .ConfigureAwait(false);
        using var connection = await RespConnection.OpenAsync(rival._port).ConfigureAwait(false);
        rival._reserve = await LoadAsync(connection, RedisScripts.Reserve).ConfigureAwait(false);
        rival._commit = await LoadAsync(connection, RedisScripts.Commit).ConfigureAwait(false);
        for (var account = 0; account < accounts; account++)
        {
            connection.BeginCommand(8);
            connection.Part("HSET");
            connection.Part($"a:{account}");
            connection.Part("cap");
            connection.Part(CycleLoad.CapNanos);
            connection.Part("held");
            connection.Part(0);
            connection.Part("committed");
            connection.Part(0);
            await connection.FlushAsync().ConfigureAwait(false);
            await connection.ReadTextAsync().ConfigureAwait(false);
        }

        return rival;
    }

    public Task<LoadResult> RunAsync(CycleLoad load, CancellationToken cancellation) =>
        ClosedLoop.RunAsync(_process.Id, load.Clients, load.Duration, (number, tally, stop) => ClientAsync(number, load, tally, stop, cancellation));

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private static async Task<byte[]> LoadAsync(RespConnection connection, string script)
    {
        connection.BeginCommand(3);
        connection.Part("SCRIPT");
        connection.Part("LOAD");
        connection.Part(script);
        await connection.FlushAsync().ConfigureAwait(false);
        return System.Text.Encoding.ASCII.GetBytes(await connection.ReadTextAsync().ConfigureAwait(false));
    }

    private async Task ClientAsync(int number, CycleLoad load, Tally tally, long stop, CancellationToken cancellation)
    {
        using var connection = await RespConnection.OpenAsync(_port).ConfigureAwait(false);
        var random = new Random(number);
        var ids = new OperationIds(random, TimeProvider.System);
        var batch = new (UInt128 Id, int Account)[load.Depth];
        while (Stopwatch.GetTimestamp() < stop && !cancellation.IsCancellationRequested)
        {
            var sent = Stopwatch.GetTimestamp();
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = (ids.Next(), random.Next(load.Accounts));
                WriteReserve(connection, batch[i].Id, batch[i].Account);
            }

            await RoundTripAsync(connection, batch.Length, sent, tally).ConfigureAwait(false);
            sent = Stopwatch.GetTimestamp();
            foreach (var (id, account) in batch)
            {
                WriteCommit(connection, id, account);
            }

            await RoundTripAsync(connection, batch.Length, sent, tally).ConfigureAwait(false);
        }
    }

    private static async ValueTask RoundTripAsync(RespConnection connection, int answers, long sent, Tally tally)
    {
        await connection.FlushAsync().ConfigureAwait(false);
        for (var i = 0; i < answers; i++)
        {
            if (await connection.ReadStatusAsync().ConfigureAwait(false) != 0)
                tally.Refusals++;
            tally.Operations++;
            tally.Latency.Record(ClosedLoop.NanosSince(sent));
        }
    }

    private void WriteReserve(RespConnection connection, UInt128 id, int account)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        connection.BeginCommand(10);
        WriteHead(connection, _reserve, id, account);
        connection.Part(CycleLoad.ReserveNanos);
        connection.Part(now);
        connection.Part(now + CycleLoad.TtlMs);
        WriteId(connection, id, prefix: default);
    }

    private void WriteCommit(RespConnection connection, UInt128 id, int account)
    {
        connection.BeginCommand(8);
        WriteHead(connection, _commit, id, account);
        connection.Part(CycleLoad.CommitNanos);
        WriteId(connection, id, prefix: default);
    }

    private static void WriteHead(RespConnection connection, byte[] script, UInt128 id, int account)
    {
        connection.Part("EVALSHA"u8);
        connection.Part(script);
        connection.Part("3"u8);
        WriteAccount(connection, account, (byte)'a');
        WriteId(connection, id, "r:"u8);
        WriteAccount(connection, account, (byte)'x');
    }

    private static void WriteAccount(RespConnection connection, int account, byte kind)
    {
        Span<byte> key = stackalloc byte[16];
        key[0] = kind;
        key[1] = (byte)':';
        account.TryFormat(key[2..], out var length, default, CultureInfo.InvariantCulture);
        connection.Part(key[..(length + 2)]);
    }

    private static void WriteId(RespConnection connection, UInt128 id, ReadOnlySpan<byte> prefix)
    {
        Span<byte> key = stackalloc byte[18];
        prefix.CopyTo(key);
        OperationIds.Write(id, key[prefix.Length..]);
        connection.Part(key[..(prefix.Length + 16)]);
    }
}
