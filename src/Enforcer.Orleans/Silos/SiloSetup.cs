using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Streams;

namespace Enforcer.Orleans;

/// <summary>How a silo is set up: membership, reminders and grain storage in the journal's database; accounts wherever they are found.</summary>
internal static class SiloSetup
{
    private const string Npgsql = "Npgsql";
    private const string Settings = "settings";

    /// <summary>Where streams look for who has subscribed: the name is theirs.</summary>
    private const string Subscriptions = "PubSubStore";

    public static void Configure(ISiloBuilder silo, OrleansOptions options, SiloParts parts, TimeProvider clock)
    {
        var database = SiloSchema.Reaching(options.ConnectionString);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, "enforcer"));
        silo.Configure<SiloOptions>(name => name.SiloName = parts.Name);
        silo.Configure<EndpointOptions>(endpoints => Place(endpoints, options.Silo));
        silo.Configure<SiloMessagingOptions>(messages => messages.ResponseTimeout = messages.SystemResponseTimeout = options.RequestTimeout);
        silo.Configure<ClusterMembershipOptions>(membership => Watch(membership, options));
        // The directory would keep what a dead silo had to itself for half a minute, lest that silo still lived. Here the journal's fence sees to that.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Npgsql, database));
        silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = (Npgsql, database));
        foreach (var name in new[] { Settings, Subscriptions }) silo.AddAdoNetGrainStorage(name, storage => (storage.Invariant, storage.ConnectionString) = (Npgsql, database));
        if (options.Streams is { } streams) streams(silo);
        else silo.AddMemoryStreams(ChangeStreams.Provider);
#pragma warning disable ORLEANSEXP003 // It names each grain's silo consistently through changes of membership, which spares forced takes; the fence does not need it.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.AddActivityPropagation();
        silo.AddGrainService<SiloPort>();
        if (options.Dashboard is not null) silo.AddDashboard();
        Register(silo.Services, options, parts, clock);
    }

    private static void Register(IServiceCollection services, OrleansOptions options, SiloParts parts, TimeProvider clock)
    {
        services.AddSingleton(options).AddSingleton(parts).AddSingleton(parts.Calls).AddSingleton(parts.Changed).AddSingleton(parts.Store.Ownership).AddSingleton(clock);
        services.AddSingleton<DeadNodes>().AddSingleton<OwnedAccounts>().AddSingleton<SiloPorts>().AddSingleton<SiloAnswers>().AddSingleton<SiloRouter>().AddSingleton<SiloInstruments>();
        services.AddPlacementDirector<OwnerPlacement, OwnerPlacementDirector>();
        services.AddSingleton(provider => new ChangeStreams(provider.GetRequiredKeyedService<IStreamProvider>(ChangeStreams.Provider)));
        services.AddSingleton<BalanceFeed>().AddSingleton<ChangePublisher>();
        services.AddSingleton(provider => new OrleansEngine(
            provider.GetRequiredService<OwnedAccounts>(), provider.GetRequiredService<SiloRouter>(), provider.GetRequiredService<IGrainFactory>(), parts.Ledger, options, clock));
    }

    private static void Place(EndpointOptions endpoints, IPEndPoint silo)
    {
        var port = silo.Port == 0 ? FreePort(silo.Address) : silo.Port;
        if (!silo.Address.Equals(IPAddress.Any)) endpoints.AdvertisedIPAddress = silo.Address;
        endpoints.SiloPort = port;
        endpoints.SiloListeningEndpoint = new IPEndPoint(silo.Address, port);
        // Edges call the server's own services; nobody else is a client of the cluster.
        endpoints.GatewayPort = 0;
    }

    /// <summary>The silo's address is its name to others, so its port must be known before it listens.</summary>
    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Watch(ClusterMembershipOptions membership, OrleansOptions options)
    {
        membership.ProbeTimeout = options.ProbeTimeout;
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }
}
