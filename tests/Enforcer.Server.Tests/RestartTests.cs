using System.Text;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>What a server knew before it stopped it knows again, and what it never kept is nowhere.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Restart_keeps_everything_and_repeats_get_equal_answers()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync(1_000);
        var by = EdgeCalls.Key(key.Secret);
        var settled = EdgeCalls.ReserveOf(by, 400);
        var open = EdgeCalls.ReserveOf(by, 250);
        Command[] commands = [new() { Reserve = settled }, new() { Commit = EdgeCalls.CommitOf(settled, 300) }, new() { Reserve = open }];
        var told = new List<Outcome>();
        foreach (var command in commands) told.Add(await server.Edge.UnaryAsync(command));
        var view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });
        Assert.Equal((300, 250), (view.CommittedNanos, view.HeldNanos));

        await server.StopAsync();
        await server.StartAgainAsync();

        Assert.Equal(view, await server.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account }));
        foreach (var (command, before) in commands.Zip(told)) Assert.Equal(before, await server.Edge.UnaryAsync(command));
        var inSession = await server.Edge.SessionAsync(commands);
        foreach (var (after, before) in inSession.Zip(told)) Assert.Equal(before, new Outcome(after) { Number = 0 });

        Assert.Equal(250, (await server.Edge.UnaryAsync(EdgeCalls.Commit, EdgeCalls.CommitOf(open, 250))).ChargedNanos);
        view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });
        Assert.Equal((550, 0), (view.CommittedNanos, view.HeldNanos));
    }

    [Fact]
    public async Task Secrets_are_in_no_log_and_no_file()
    {
        var console = Console.Error;
        using var log = new StringWriter();
        Console.SetError(TextWriter.Synchronized(log));
        try
        {
            await using var server = await TestServer.StartAsync(options => options.JsonLogs = true);
            var key = await server.CreateKeyAsync();
            var successor = await server.Operator.RotateKeyAsync(new RotateKeyRequest { KeyId = key.Key.KeyId });
            await using (var reservation = await server.Client.ReserveAsync(key.Secret, 1)) Assert.True(reservation.IsGranted);
            await using (var reservation = await server.Client.ReserveAsync(successor.Secret, 1)) Assert.True(reservation.IsGranted);
            using (var wrong = server.ChannelFor(key.Secret))
                await Assert.ThrowsAsync<Grpc.GrpcStatusException>(() => wrong.UnaryAsync(EdgeCalls.Get, new GetRequest()).AsTask());
            string[] secrets = [key.Secret, successor.Secret, server.AdminToken, server.EdgeToken];
            var whileRunning = Holding(server.Folder, secrets);
            await server.StopAsync();

            Assert.Contains(server.Folder, log.ToString(), StringComparison.Ordinal); // it was listened to
            Assert.DoesNotContain(secrets, secret => log.ToString().Contains(Hidden(secret), StringComparison.Ordinal));
            Assert.Empty(whileRunning);
            Assert.Empty(Holding(server.Folder, secrets));
        }
        finally
        {
            Console.SetError(console);
        }
    }

    /// <summary>The files in a folder that hold a secret.</summary>
    private static List<string> Holding(string folder, string[] secrets) =>
    [
        .. from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
           where !file.EndsWith(".lock", StringComparison.Ordinal)
           let bytes = BytesOf(file)
           where secrets.Any(secret => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Hidden(secret))) >= 0)
           select file,
    ];

    /// <summary>The part of a secret that is never shown; its beginning is, to tell keys apart.</summary>
    private static string Hidden(string secret) => secret[^16..];

    private static byte[] BytesOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }
}
