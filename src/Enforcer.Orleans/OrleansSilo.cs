using Enforcer.Host;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Enforcer.Orleans;

/// <summary>One silo of a cluster around a node's own half: it takes part from its start until it is disposed of, which hands its accounts over.</summary>
public sealed class OrleansSilo : IAsyncDisposable
{
    private readonly IHost _silo;

    private OrleansSilo(IHost silo) => _silo = silo;

    /// <summary>All accounts of the cluster.</summary>
    public OrleansEngine Engine => _silo.Services.GetRequiredService<OrleansEngine>();

    /// <summary>Balances of the whole cluster as they change.</summary>
    public IBalanceFeed Balances => _silo.Services.GetRequiredService<BalanceFeed>();

    /// <summary>What runs in the silo.</summary>
    internal IServiceProvider Services => _silo.Services;

    /// <summary>A name for a silo of this node that no other process has had; open the journal with it as its owner.</summary>
    public static string NewName(string node) => $"{node}/{Guid.CreateVersion7():N}";

    /// <summary>The node of which this is a silo's name.</summary>
    internal static string NodeOf(string silo) => silo[..Math.Max(0, silo.LastIndexOf('/'))];

    /// <summary>Starts a silo; when this completes, it is part of the cluster.</summary>
    /// <param name="options">How it takes part.</param>
    /// <param name="parts">The node's own half.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">Where it logs.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static async Task<OrleansSilo> StartAsync(
        OrleansOptions options, SiloParts parts, TimeProvider clock, ILoggerFactory logs, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        options.Validate();
        await SiloSchema.PrepareAsync(options.ConnectionString, cancel).ConfigureAwait(false);
        var builder = new HostBuilder()
            .ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(logs)))
            .UseOrleans(silos => SiloSetup.Configure(silos, options, parts, clock));
        if (options.Dashboard is { } dashboard) DashboardPage.AddTo(builder, dashboard, parts.IsOperator);
        var host = builder.Build();
        var silo = new OrleansSilo(host);
        try
        {
            await host.StartAsync(cancel).ConfigureAwait(false);
            host.Services.GetRequiredService<SiloInstruments>();
            host.Services.GetRequiredService<DeadNodes>().Start();
            host.Services.GetRequiredService<ChangePublisher>().Start();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Leaves the cluster without handing anything over, as if the process had ended; the others find out by themselves.</summary>
    internal async Task AbandonAsync()
    {
        await _silo.Services.GetRequiredService<ChangePublisher>().StopAsync().ConfigureAwait(false);
        _silo.Services.GetRequiredService<DeadNodes>().Stop();
        await _silo.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _silo.Dispose();
    }

    /// <summary>Hands this silo's accounts over and leaves the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        await _silo.Services.GetRequiredService<ChangePublisher>().StopAsync().ConfigureAwait(false);
        await _silo.Services.GetRequiredService<BalanceFeed>().EndAsync().ConfigureAwait(false);
        _silo.Services.GetRequiredService<DeadNodes>().Stop();
        await _silo.StopAsync().ConfigureAwait(false);
        _silo.Dispose();
    }
}
