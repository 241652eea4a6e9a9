using System.Diagnostics;
using Enforcer.Edge.Tests.Support;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>kill -9 in the middle of a stream: whoever starts on the same outbox books the call, once, at what was held for it.</summary>
public sealed class KilledEdgeTests
{
    [Fact]
    public async Task What_a_killed_edge_served_is_booked_by_the_next_one()
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 1_000, TokensPerSecond = 100 };
        var key = await world.CreateKeyAsync(1_000_000_000);
        using var folder = new Folder();
        using (var edge = Start(world, folder.Path))
        {
            using var answer = await world.PostAsync(await AddressOf(edge), Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true, most: 1_000));
            await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[64]) > 0);
            edge.Kill();
            await edge.WaitForExitAsync();
        }
        Assert.Equal(1, (await world.ViewAsync(key)).OpenReservations);

        using var next = Start(world, folder.Path);
        var account = await world.SettledAsync(key);
        next.Kill();
        await next.WaitForExitAsync();
        await Patience.UntilAsync(() => Task.FromResult(world.Upstream.Served.All.Count == 1), "the upstream's end");
        var ledger = await world.LedgerAsync(key);
        var held = Assert.Single(ledger, entry => entry.Kind == EntryKind.ReservationMade).HeldChangeNanos;
        var booked = Assert.Single(ledger, entry => entry.Kind == EntryKind.ReservationCommitted);
        Assert.True(booked.Priced.Estimated);
        Assert.InRange(account.CommittedNanos, Prices.Of(world.Upstream.Served.All), held);
        Assert.InRange(held - account.CommittedNanos, 0, 10);
    }

    private static Process Start(World world, string folder)
    {
        // The tests lie beside it: artifacts/bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Enforcer.Cli", own.Name, "enforcer");
        var config = Path.Combine(folder, "edge.json");
        File.WriteAllText(config, $$"""
            { "Edge": { "Upstreams": [ { "Name": "only", "Protocol": "openai", "Url": "{{world.Upstream.Address}}", "Secret": "{{World.Secret}}", "Models": ["gpt-*"] } ] } }
            """);
        string[] arguments = ["edge", "--listen", "127.0.0.1:0", "--data", folder, "--config", config, "--server", world.Server, "--token", world.Token];
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }

    private static async Task<Uri> AddressOf(Process edge)
    {
        const string Before = "  edge      ";
        while (await edge.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit) is { } line)
        {
            if (line.StartsWith(Before, StringComparison.Ordinal))
                return new Uri(line[Before.Length..].Split(' ')[0]);
        }
        throw new InvalidOperationException("The edge ended before it told its address.");
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("enforcer-edge-killed-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
