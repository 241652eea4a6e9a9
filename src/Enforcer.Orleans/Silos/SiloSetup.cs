using System.Net;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>How a silo is set up: membership, reminders and grain storage in the journal's database; accounts wherever they are found.</summary>
internal static class SiloSetup
{
    /// <summary>Streams of what has become durable; another provider can be put in their place under the same name.</summary>
    public const string Streams = "changes";

    private const string Npgsql = "Npgsql";
    private const string Settings = "settings";

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
        silo.AddAdoNetGrainStorage(Settings, storage => (storage.Invariant, storage.ConnectionString) = (Npgsql, database));
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddMemoryStreams(Streams);
#pragma warning disable ORLEANSEXP003 // It names each grain's silo consistently through changes of membership, which spares forced takes; the fence does not need it.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.AddGrainService<SiloPort>();
        if (options.Dashboard is not null) silo.AddDashboard();
        Register(silo.Services, options, parts, clock);
    }

    private static void Register(IServiceCollection services, OrleansOptions options, SiloParts parts, TimeProvider clock)
    {
        services.AddSingleton(provider => new DeadNodes(
            parts.Store.Ownership, provider.GetRequiredService<ISiloStatusOracle>(), clock, provider.GetRequiredService<ILogger<DeadNodes>>()));
        services.AddSingleton(provider => new OwnedAccounts(parts, provider.GetRequiredService<DeadNodes>(), clock));
        services.AddSingleton<SiloAnswers>();
        services.AddSingleton<SiloPorts>();
        services.AddSingleton(provider => new SiloRouter(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<SiloPorts>(), provider.GetRequiredService<ISiloStatusOracle>(), parts.Calls, options, clock));
        services.AddSingleton(provider => new OrleansEngine(
            provider.GetRequiredService<OwnedAccounts>(), provider.GetRequiredService<SiloRouter>(), provider.GetRequiredService<IGrainFactory>(), parts.Ledger, options, clock));
    }

    private static void Place(EndpointOptions endpoints, IPEndPoint silo)
    {
        endpoints.AdvertisedIPAddress = silo.Address;
        endpoints.SiloPort = silo.Port;
        endpoints.SiloListeningEndpoint = silo;
        // Edges call the server's own services; nobody else is a client of the cluster.
        endpoints.GatewayPort = 0;
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
