using Enforcer.Access;
using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Server.Nodes;
using Enforcer.Server.Options;
using Enforcer.Storage.Postgres;
using Enforcer.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Enforcer.Server;

/// <summary>Journal and directory of a server, opened: in a folder of its own, or in a PostgreSQL that several nodes share.</summary>
internal sealed class ServerStorage : IAsyncDisposable
{
    /// <summary>A commit of PostgreSQL takes some 0.8 ms of CPU on both ends together, and longer until it is done: so long it may wait for company (decision 1).</summary>
    private static readonly TimeSpan PostgresGathering = TimeSpan.FromMilliseconds(2);

    private ServerStorage(string place, IJournalStore store, GroupCommit journal, IDirectory directory, ServerCluster? cluster)
    {
        Cluster = cluster;
        Place = place;
        Store = store;
        Journal = journal;
        Directory = directory;
    }

    /// <summary>Where it is, for people.</summary>
    public string Place { get; }

    /// <summary>Where batches and heads are kept.</summary>
    public IJournalStore Store { get; }

    /// <summary>The journal over the store.</summary>
    public GroupCommit Journal { get; }

    /// <summary>Accounts, keys, tokens and the audit trail.</summary>
    public IDirectory Directory { get; }

    /// <summary>This server's place among the nodes that share the storage; null if it has it for itself.</summary>
    public ServerCluster? Cluster { get; }

    /// <summary>Opens what the options name.</summary>
    /// <param name="options">Checked already.</param>
    /// <param name="plan">Makes a cluster of servers instead of the built-in nodes, or null.</param>
    /// <param name="certificates">What nodes show each other, or null.</param>
    /// <param name="onEnded">Called once if journal or directory have ended for good.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">Where to write logs.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<ServerStorage> OpenAsync(
        EnforcerServerOptions options, IClusterPlan? plan, PeerCertificates? certificates, Action<Exception> onEnded, TimeProvider clock, ILoggerFactory logs,
        CancellationToken cancel)
    {
        var bounds = new DirectoryOptions { OnEnded = onEnded };
        var commits = new JournalOptions { ServeDamaged = options.ServeDamaged, OnEnded = onEnded };
        if (options.Postgres.Length == 0)
        {
            var folder = Path.GetFullPath(options.Data);
            var file = SqliteJournalStore.InFolder(options.Data);
            return await OpenAsync(
                folder, file, commits, OwnerOf(null), clock,
                () => Task.FromResult<IDirectory>(SqliteDirectory.Open(Path.Combine(folder, SqliteDirectory.FileName), bounds)), null, cancel).ConfigureAwait(false);
        }
        var postgres = PostgresOf(options);
        // The directory first: it takes the node's name, before the journal would replace whoever runs under it.
        var directory = await PostgresDirectory.OpenAsync(postgres, bounds, clock, logs.CreateLogger<PostgresDirectory>(), cancel).ConfigureAwait(false);
        ServerCluster? cluster = null;
        try
        {
            // Then the place in the registry: the others must not take a node for dead whose journal is only just being opened.
            if (plan is null) cluster = await ServerCluster.JoinAsync(options, postgres, certificates, OwnerOf(null), onEnded, clock, logs, cancel).ConfigureAwait(false);
            var store = PostgresJournalStore.ForNode(postgres);
            return await OpenAsync(
                $"{store.Name}, as node {postgres.Node}", store, commits with { LongestGathering = PostgresGathering }, OwnerOf(plan), clock, () => Task.FromResult<IDirectory>(directory), cluster, cancel).ConfigureAwait(false);
        }
        catch
        {
            if (cluster is not null) await cluster.DisposeAsync().ConfigureAwait(false);
            await directory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Which PostgreSQL the options name, and as which node.</summary>
    public static PostgresOptions PostgresOf(EnforcerServerOptions options) =>
        new() { ConnectionString = options.Postgres, Node = options.Node.Length > 0 ? options.Node : PostgresOptions.NodeOf(Environment.MachineName) };

    private static string OwnerOf(IClusterPlan? plan) => plan?.Owner ?? $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>Makes everything durable and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
        if (Cluster is not null) await Cluster.DisposeAsync().ConfigureAwait(false);
        if (Directory is IAsyncDisposable closing) await closing.DisposeAsync().ConfigureAwait(false);
        else Directory.Dispose();
    }

    private static async Task<ServerStorage> OpenAsync(
        string place, IJournalStore store, JournalOptions commits, string owner, TimeProvider clock, Func<Task<IDirectory>> directory, ServerCluster? cluster, CancellationToken cancel)
    {
        GroupCommit? journal = null;
        try
        {
            journal = await GroupCommit.OpenAsync(store, owner, commits, clock, cancel).ConfigureAwait(false);
            return new ServerStorage(place, store, journal, await directory().ConfigureAwait(false), cluster);
        }
        catch
        {
            if (journal is not null) await journal.DisposeAsync().ConfigureAwait(false);
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
