namespace Enforcer.Server.Options;

/// <summary>All that can be set about a server. Read from appsettings.json, the environment (<c>ENFORCER__…</c>) and the command line.</summary>
public sealed class EnforcerServerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Enforcer";

    /// <summary>The folder of journal and directory; made if it is not there. One process at a time serves it.</summary>
    public string Data { get; set; } = "enforcer-data";

    /// <summary>
    /// The PostgreSQL of a cluster, as an Npgsql connection string; empty: the data folder. Journal and directory are there then, and <see cref="Data"/> is not used.
    /// </summary>
    public string Postgres { get; set; } = "";

    /// <summary>This node's name in the cluster, which it must keep; empty for the machine's name.</summary>
    public string Node { get; set; } = "";

    /// <summary>What makes one cluster of the servers on one PostgreSQL: empty for the built-in nodes, or the name of another cluster that this build knows.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>With a cluster that has messages of its own: where the others reach this one, address and port.</summary>
    public string Silo { get; set; } = "127.0.0.1:11111";

    /// <summary>With a cluster that has a dashboard: where it is served to operators, address and port; empty for none.</summary>
    public string Dashboard { get; set; } = "";

    /// <summary>
    /// Where the other nodes reach this one, such as http://10.0.0.5:7070; empty for <see cref="Grpc"/> or <see cref="ClusterListen"/> itself, or the machine's name if
    /// that is all addresses.
    /// </summary>
    public string Advertise { get; set; } = "";

    /// <summary>
    /// A node whose heartbeat stops for so long is replaced, in ms: 1,000 to 60,000, the same on all nodes. More where machines are busy for longer at a time; its
    /// accounts are without an owner for that long when it dies.
    /// </summary>
    public long NodeDeadAfterMs { get; set; } = 2_000;

    /// <summary>
    /// What all nodes of the cluster know and nobody else: at least 16 characters, random ones. Empty: a secret that the first node has put into the database.
    /// Give it by ENFORCER__CLUSTERSECRET, so that it is not seen in the list of processes.
    /// </summary>
    public string ClusterSecret { get; set; } = "";

    /// <summary>
    /// With TLS: the certificate, in PEM, of the authority that the other nodes' certificates are issued by; empty for those that the machine trusts. Needed with
    /// <see cref="ClusterCertificate"/>.
    /// </summary>
    public string ClusterAuthority { get; set; } = "";

    /// <summary>
    /// This node's certificate for the other nodes, in PEM, with the DNS name <c>NODE.node.enforcer</c>; empty for none. With it nodes serve each other at an address
    /// of their own (<see cref="ClusterListen"/>), where both sides must show one that <see cref="ClusterAuthority"/> has issued.
    /// </summary>
    public string ClusterCertificate { get; set; } = "";

    /// <summary>That certificate's private key, in PEM.</summary>
    public string ClusterKey { get; set; } = "";

    /// <summary>With <see cref="ClusterCertificate"/>: where this node serves the others, address and port; empty for <see cref="Grpc"/>'s address, one port further.</summary>
    public string ClusterListen { get; set; } = "";

    /// <summary>Where gRPC listens: address and port; port 0 for a free one.</summary>
    public string Grpc { get; set; } = "127.0.0.1:7070";

    /// <summary>Where REST, metrics and health listen.</summary>
    public string Http { get; set; } = "127.0.0.1:7080";

    /// <summary>A certificate in PEM for both addresses; empty for none. Without one, keep to loopback or a private network.</summary>
    public string TlsCertificate { get; set; } = "";

    /// <summary>The certificate's key in PEM.</summary>
    public string TlsKey { get; set; } = "";

    /// <summary>Where traces and metrics are sent by OTLP, such as http://127.0.0.1:4317; empty for nowhere.</summary>
    public string Otlp { get; set; } = "";

    /// <summary>Write logs as JSON, a line each.</summary>
    public bool JsonLogs { get; set; }

    /// <summary>
    /// Starts on a journal that is damaged at its end nevertheless, if it is certain which accounts are concerned: those alone are not
    /// served.
    /// </summary>
    public bool ServeDamaged { get; set; }

    /// <summary>The time to live of a reservation that does not ask for one, in ms.</summary>
    public long DefaultTtlMs { get; set; } = 300_000;

    /// <summary>How long operation ids are remembered, in ms: at least 24 h.</summary>
    public long RetentionMs { get; set; } = 86_400_000;

    /// <summary>The most open reservations on one account.</summary>
    public int MaxOpenReservations { get; set; } = 100_000;

    /// <summary>An account that nobody has used for so long leaves memory, in ms.</summary>
    public long IdleMs { get; set; } = 60_000;

    /// <summary>Which accounts Envoy's rate limit service means; without rules, the service refuses every call.</summary>
    public IList<EnvoyRule> Envoy { get; } = [];
}
