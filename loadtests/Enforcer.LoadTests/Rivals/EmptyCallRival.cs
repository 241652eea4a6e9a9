using System.Diagnostics;
using System.Globalization;
using Enforcer.Grpc;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals.Protos;

namespace Enforcer.LoadTests.Rivals;

/// <summary>The ceiling of any unary call on this wire: an empty message each way, server in a process of its own.</summary>
internal sealed class EmptyCallRival : IRival
{
    private readonly ChildProcess _process;
    private readonly Target _target;
    private readonly int _connections;

    private EmptyCallRival(int port, int connections)
    {
        _connections = connections;
        _process = new ChildProcess(Environment.ProcessPath!, ["empty-server", "--port", port.ToString(CultureInfo.InvariantCulture)]);
        _target = new Target(new Uri($"http://127.0.0.1:{port}"), null, "none", _process.Id);
    }

    public string Name => "empty unary call";

    /// <param name="connections">As many as the edges that it is compared with share.</param>
    public static async Task<EmptyCallRival> StartAsync(int connections)
    {
        var port = FreePort.Next();
        var rival = new EmptyCallRival(port, connections);
        await rival._process.WaitUntilAsync(() => ChildProcess.ListensAsync(port), TimeSpan.FromSeconds(20), "the empty server")
            .ConfigureAwait(false);
        return rival;
    }

    public async Task<LoadResult> RunAsync(CycleLoad load, CancellationToken cancellation)
    {
        var channels = Enumerable.Range(0, _connections).Select(_ => EdgeChannel.Open(_target)).ToArray();
        var result = await ClosedLoop.RunAsync(_process.Id, load.Clients, load.Duration, async (number, tally, stop) =>
        {
            var (channel, request) = (channels[number % channels.Length], new Nothing());
            while (Stopwatch.GetTimestamp() < stop && !cancellation.IsCancellationRequested)
            {
                var sent = Stopwatch.GetTimestamp();
                await channel.UnaryAsync(EmptyServer.Call, request).ConfigureAwait(false);
                tally.Latency.Record(ClosedLoop.NanosSince(sent));
                tally.Operations++;
            }
        }).ConfigureAwait(false);
        Array.ForEach(channels, channel => channel.Dispose());
        return result;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
