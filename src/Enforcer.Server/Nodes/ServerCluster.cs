using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Enforcer.Access;
using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal.Committing;
using Enforcer.Ledger;
using Enforcer.Server.Options;
using Enforcer.Server.Prices;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace Enforcer.Server.Nodes;

/// <summary>A server as one node among others: its place in the registry, what it knows of the others, and how it comes and goes.</summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    /// <summary>How long a node that stops tries to hand its accounts over; what is left then, the others take over.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(15);

    private const int SecretBytes = 32;
    private readonly EnforcerServerOptions _options;
    private readonly ClusterOptions _cluster;
    private readonly PostgresMembers _members;
    private readonly Membership _membership;
    private readonly PeerSecret _secret;
    private readonly PeerCertificates? _certificates;
    private readonly Action<Exception> _onEnded;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _opened = new();
    private readonly Task _opening;
    private ClusterNode? _node;

    private ServerCluster(
        EnforcerServerOptions options, ClusterOptions cluster, PostgresMembers members, Membership membership, PeerSecret secret, PeerCertificates? certificates,
        Action<Exception> onEnded, TimeProvider clock)
    {
        _certificates = certificates;
        _onEnded = onEnded;
        _options = options;
        _cluster = cluster;
        _members = members;
        _membership = membership;
        _secret = secret;
        _clock = clock;
        // Opening a long journal on a busy machine may take longer than the others wait for a heartbeat.
        _opening = Task.Run(() => membership.RunAsync(_opened.Token));
    }

    /// <summary>The node, once it is put together.</summary>
    public ClusterNode Node => _node ?? throw new InvalidOperationException("The node is not put together yet.");

    /// <summary>Keeps those out of the nodes' service who are no nodes.</summary>
    public PeerGate Gate => new(_secret, _cluster.Node, _certificates is not null);

    /// <summary>Takes the node's place in the registry, before the journal is opened.</summary>
    public static async Task<ServerCluster> JoinAsync(
        EnforcerServerOptions options, PostgresOptions postgres, PeerCertificates? certificates, string owner, Action<Exception> onEnded, TimeProvider clock,
        ILoggerFactory logs, CancellationToken cancel)
    {
        var members = new PostgresMembers(postgres);
        try
        {
            var cluster = OptionsOf(postgres.Node, TimeSpan.FromMilliseconds(options.NodeDeadAfterMs));
            var membership = await Membership.JoinAsync(members, cluster, Guid.NewGuid(), owner, clock, logs.CreateLogger<Membership>(), cancel).ConfigureAwait(false);
            membership.Replaced += onEnded;
            return new ServerCluster(options, cluster, members, membership, await SecretAsync(options, members, cancel).ConfigureAwait(false), certificates, onEnded, clock);
        }
        catch
        {
            await members.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Puts the node together over an open journal; from then on its engine can be used, and nobody comes yet.</summary>
    public void Build(AccountHost host, OfferCatalog offers, GroupCommit journal, IOwnership ownership, LedgerOptions ledger, ILoggerFactory logs)
    {
        var node = _node = new ClusterNode(
            _cluster, host, new PricedEngine(host, offers), journal.Heads, ledger, _members, _membership, ownership, new GrpcPeerNetwork(_secret, TlsTo, _clock),
            new NodeCalls(offers), _clock, logs.CreateLogger<ClusterNode>());
        node.Failed += _onEnded;
        var first = journal.DurableBatch;
        _membership.Health = () => new MemberHealth
        {
            ActiveAccounts = host.ActiveAccounts,
            LaggingHeads = journal.Heads.Lagging,
            Batches = journal.DurableBatch - first,
            Records = journal.DurableRecords,
            PassedOn = node.PassedOn,
            Problem = journal.LastError?.Message ?? (node.CutOff is { Count: > 0 } cutOff ? $"cannot reach {string.Join(", ", cutOff)}" : ""),
        };
    }

    /// <summary>Takes part: the others may call this address, or the one that the options name.</summary>
    public void Start(Uri bound)
    {
        Node.Start(_options.Advertise.Length > 0 ? new Uri(_options.Advertise) : Reachable(bound));
        _opened.Cancel();
    }

    /// <summary>Gives the accounts to the others, while it still serves.</summary>
    public async Task LeaveAsync()
    {
        if (_node is null) return;
        using var patience = new CancellationTokenSource(LeavePatience, _clock);
        await _node.LeaveAsync(patience.Token).ConfigureAwait(false);
    }

    /// <summary>Gives the place in the registry up. The node must have been closed before, the journal too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opened.CancelAsync().ConfigureAwait(false);
        await _opening.ConfigureAwait(false);
        _opened.Dispose();
        await _membership.LeaveAsync().ConfigureAwait(false);
        await _members.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>An eighth of the time is a beat, five eighths are the lease; commands wait for a new owner for twice the time and a second.</summary>
    private static ClusterOptions OptionsOf(string node, TimeSpan deadAfter) => new()
    {
        Node = node,
        DeadAfter = deadAfter,
        Beat = deadAfter / 8,
        Lease = deadAfter * 5 / 8,
        RequestTimeout = (deadAfter * 2) + TimeSpan.FromSeconds(1),
    };

    private static async Task<PeerSecret> SecretAsync(EnforcerServerOptions options, PostgresMembers members, CancellationToken cancel)
    {
        if (options.ClusterSecret.Length > 0) return new PeerSecret(Encoding.UTF8.GetBytes(options.ClusterSecret));
        var fresh = new byte[SecretBytes];
        SystemSecretSource.Instance.Fill(fresh);
        return new PeerSecret(await members.ShareSecretAsync(fresh, cancel).ConfigureAwait(false));
    }

    private static Uri Reachable(Uri bound) => bound.Host is "0.0.0.0" or "[::]" ? new UriBuilder(bound) { Host = Dns.GetHostName() }.Uri : bound;

    private SslClientAuthenticationOptions? TlsTo(string node)
    {
        if (_certificates is not null) return _certificates.ClientOptions(node);
        if (_options.ClusterAuthority.Length == 0) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_options.ClusterAuthority);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
