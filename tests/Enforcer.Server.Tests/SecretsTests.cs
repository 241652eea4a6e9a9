using System.Text;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>What a server never keeps is nowhere.</summary>
public sealed class SecretsTests
{
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
            var whileRunning = Holding(server.Place.Folder, secrets);
            await server.StopAsync();

            Assert.Contains(server.Place.Folder, log.ToString(), StringComparison.Ordinal); // it was listened to
            Assert.DoesNotContain(secrets, secret => log.ToString().Contains(Hidden(secret), StringComparison.Ordinal));
            Assert.Empty(whileRunning);
            Assert.Empty(Holding(server.Place.Folder, secrets));
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
