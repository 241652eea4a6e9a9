namespace Enforcer.Edge.Options;

/// <summary>All that can be set about an edge. Read from a JSON file, the environment (<c>EDGE__…</c>) and the command line.</summary>
public sealed class EdgeOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Edge";

    /// <summary>Where customers connect: address and port; port 0 for a free one.</summary>
    public string Listen { get; set; } = "127.0.0.1:7090";

    /// <summary>Where machines that watch the edge connect, for metrics and health: address and port, port 0 for a free one. No customer's call passes there.</summary>
    public string Watch { get; set; } = "127.0.0.1:7091";

    /// <summary>Where to send metrics and traces by OTLP, such as <c>http://127.0.0.1:4317</c>; empty: nowhere.</summary>
    public string Otlp { get; set; } = "";

    /// <summary>A certificate in PEM; empty for none. Without one, keep to loopback or a private network.</summary>
    public string TlsCertificate { get; set; } = "";

    /// <summary>The certificate's key in PEM.</summary>
    public string TlsKey { get; set; } = "";

    /// <summary>Enforcer's gRPC address.</summary>
    public string Enforcer { get; set; } = "http://127.0.0.1:7070";

    /// <summary>The edge's own token, <c>enf_edge_…</c>.</summary>
    public string Token { get; set; } = "";

    /// <summary>The folder of the outbox; made if it is not there. One edge at a time uses it.</summary>
    public string Data { get; set; } = "enforcer-edge-data";

    /// <summary>Where calls go. The first whose protocol and models fit takes the call.</summary>
    public IList<UpstreamSettings> Upstreams { get; } = [];

    /// <summary>Further paths that may pass, at a flat price each. No other path does.</summary>
    public IList<ListedPath> Paths { get; } = [];

    /// <summary>The longest request, in bytes.</summary>
    public long MaxRequestBytes { get; set; } = 8L << 20;

    /// <summary>The longest answer in one piece that is read for its usage, in bytes; a longer one is booked by its bound.</summary>
    public long MaxAnswerBytes { get; set; } = 32L << 20;

    /// <summary>The output that is asked for where a request names no limit, in tokens.</summary>
    public long DefaultOutputTokens { get; set; } = 16_384;

    /// <summary>The most output that is ever asked for, in tokens; larger limits are lowered to it.</summary>
    public long MostOutputTokens { get; set; } = 128_000;

    /// <summary>The least output that is worth a call, in tokens: a key that cannot pay for so much is refused.</summary>
    public long LeastOutputTokens { get; set; } = 16;

    /// <summary>How much output an Extend asks for where the upstream keeps to no limit, in tokens.</summary>
    public long ExtendTokens { get; set; } = 4_096;

    /// <summary>What is booked for tokens that were generated but did not arrive when an upstream breaks off, at most; in tokens.</summary>
    public long CutAllowanceTokens { get; set; } = 256;

    /// <summary>How long Enforcer may take to answer before a call is refused, in ms.</summary>
    public int EnforcerTimeoutMs { get; set; } = 2_000;

    /// <summary>How long a reservation lives without being extended, in ms. Longer streams extend it.</summary>
    public long TtlMs { get; set; } = 600_000;

    /// <summary>How long a connection to an upstream may take to come up, in ms.</summary>
    public int UpstreamConnectMs { get; set; } = 5_000;

    /// <summary>How long an upstream may be silent, in ms.</summary>
    public int UpstreamIdleMs { get; set; } = 300_000;

    /// <summary>How long an upstream is read on for its usage when the customer has gone, in ms.</summary>
    public int DrainMs { get; set; } = 30_000;

    /// <summary>How much of an upstream is read on for its usage when the customer has gone, in bytes.</summary>
    public long DrainBytes { get; set; } = 4L << 20;

    /// <summary>The most calls that are open or not yet delivered to Enforcer at once.</summary>
    public int MaxOpenCalls { get; set; } = 20_000;

    /// <summary>Write logs as JSON, a line each.</summary>
    public bool JsonLogs { get; set; }
}
