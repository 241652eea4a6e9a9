using System.CommandLine;
using Enforcer.Client;
using Enforcer.LoadTests.Commands;
using Enforcer.LoadTests.Processes;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;

namespace Enforcer.LoadTests.Gateway;

/// <summary>A server and an edge as processes of their own, and between the edge and the end of the world a simulated upstream in this process.</summary>
internal sealed class GatewayArena : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ServerProcess _server;

    private GatewayArena(ServerProcess server, UpstreamServer upstream, EdgeProcess edge, TempFolder folder)
    {
        (_server, Upstream, Edge, _folder) = (server, upstream, edge, folder);
        var options = new EnforcerClientOptions { Endpoints = [server.Target.Address.GetLeftPart(UriPartial.Authority)], Token = server.Target.Token };
        Operator = new EnforcerOperator(options);
    }

    public UpstreamServer Upstream { get; }

    public EdgeProcess Edge { get; }

    public EnforcerOperator Operator { get; }

    /// <summary>What both processes printed last.</summary>
    public string Output => $"{_server.Output}\n{Edge.Output}";

    public static async Task<GatewayArena> OpenAsync(ParseResult parsed, UpstreamOptions options)
    {
        var program = parsed.GetValue(CommonOptions.Enforcer);
        var folder = new TempFolder();
        var server = await ServerProcess.StartAsync(program, DataPlace.In(Path.Combine(folder.Path, "server"))).ConfigureAwait(false);
        var upstream = await UpstreamServer.StartAsync(options with { Listen = "127.0.0.1:0", Seed = parsed.GetValue(CommonOptions.Seed) }).ConfigureAwait(false);
        var edge = await EdgeProcess.StartAsync(program, server.Target, upstream.Address, Path.Combine(folder.Path, "edge")).ConfigureAwait(false);
        return new GatewayArena(server, upstream, edge, folder);
    }

    /// <summary>A new account with a cap for its life.</summary>
    public Task<CreateKeyResponse> CreateKeyAsync(long capNanos) => Operator.CreateKeyAsync(new CreateKeyRequest
    {
        Limits = new Limits { Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = capNanos } } },
    });

    public Task<AccountView> ViewAsync(CreateKeyResponse key) => Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });

    /// <summary>Waits until nothing is open on the accounts; false if that takes longer than allowed.</summary>
    public async Task<bool> SettleAsync(IEnumerable<CreateKeyResponse> keys, TimeSpan atMost, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(atMost);
        foreach (var key in keys)
        {
            while ((await ViewAsync(key).ConfigureAwait(false)).OpenReservations > 0)
            {
                if (over.IsCancellationRequested)
                    return false;
                await Task.Delay(20, cancellation).ConfigureAwait(false);
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await Edge.DisposeAsync().ConfigureAwait(false);
        await Upstream.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }
}
