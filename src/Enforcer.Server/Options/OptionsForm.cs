using System.Net;
using Enforcer.Cluster;
using Enforcer.Ledger;

namespace Enforcer.Server.Options;

/// <summary>Checks a server's options before anything is opened; tells all that is wrong at once.</summary>
internal static class OptionsForm
{
    private const long DayMs = 86_400_000;

    public static IReadOnlyList<string> Problems(EnforcerServerOptions options)
    {
        var problems = new List<string>();
        if (options.Postgres.Length > 0) Postgres(problems, options);
        else if (string.IsNullOrWhiteSpace(options.Data)) problems.Add("data is empty; name the folder for journal and directory.");
        Address(problems, "grpc", options.Grpc);
        Address(problems, "http", options.Http);
        Address(problems, "silo", options.Silo);
        if (options.Dashboard.Length > 0) Address(problems, "dashboard", options.Dashboard);
        if (options.TlsCertificate.Length > 0 != options.TlsKey.Length > 0)
            problems.Add("tls_certificate and tls_key belong together; give both or neither.");
        File(problems, "tls_certificate", options.TlsCertificate);
        File(problems, "tls_key", options.TlsKey);
        Certificates(problems, options);
        if (options.ClusterSecret.Length is > 0 and < PeerSecret.LeastBytes)
            problems.Add($"cluster_secret has {options.ClusterSecret.Length} characters; give at least {PeerSecret.LeastBytes}, random ones, or none.");
        if (options.Advertise.Length > 0 && !(Uri.TryCreate(options.Advertise, UriKind.Absolute, out var reached) && reached.Scheme is "http" or "https"))
            problems.Add($"advertise '{options.Advertise}' is no address; give one such as http://10.0.0.5:7070.");
        if (options.Otlp.Length > 0 && !Uri.TryCreate(options.Otlp, UriKind.Absolute, out _))
            problems.Add($"otlp '{options.Otlp}' is no address; give one such as http://127.0.0.1:4317.");
        Range(problems, "default_ttl_ms", options.DefaultTtlMs, 1, LedgerBounds.MaxTtlMs);
        Range(problems, "retention_ms", options.RetentionMs, DayMs, 30 * DayMs);
        Range(problems, "max_open_reservations", options.MaxOpenReservations, 1, 1_000_000);
        Range(problems, "node_dead_after_ms", options.NodeDeadAfterMs, 1_000, 60_000);
        Range(problems, "idle_ms", options.IdleMs, 1_000, DayMs);
        foreach (var rule in options.Envoy) Envoy(problems, rule);
        return problems;
    }

    private static void Postgres(List<string> problems, EnforcerServerOptions options)
    {
        try
        {
            ServerStorage.PostgresOf(options).Validate();
        }
        catch (ArgumentException wrong)
        {
            problems.Add("postgres: " + wrong.Message);
        }
    }

    private static void Certificates(List<string> problems, EnforcerServerOptions options)
    {
        string[] files = [options.ClusterCertificate, options.ClusterKey, options.ClusterAuthority];
        File(problems, "cluster_certificate", options.ClusterCertificate);
        File(problems, "cluster_key", options.ClusterKey);
        File(problems, "cluster_authority", options.ClusterAuthority);
        if (options.ClusterListen.Length > 0) Address(problems, "cluster_listen", options.ClusterListen);
        if (options.ClusterCertificate.Length + options.ClusterKey.Length == 0)
        {
            if (options.ClusterListen.Length > 0) problems.Add($"cluster_listen '{options.ClusterListen}' is for nodes with certificates; give cluster_certificate, cluster_key and cluster_authority, or leave it out.");
            return;
        }
        if (files.Any(static file => file.Length == 0))
            problems.Add("cluster_certificate, cluster_key and cluster_authority belong together: the node's certificate, its private key, and the authority that issues the nodes' certificates; give all three.");
        if (options.Postgres.Length == 0) problems.Add("cluster_certificate is for nodes that share a PostgreSQL; give postgres, or leave it out.");
        if (options.Cluster.Length > 0) problems.Add($"cluster_certificate does not secure what the servers of cluster '{options.Cluster}' tell each other; leave it out there.");
        if (options.Advertise.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
            problems.Add($"advertise '{options.Advertise}' is without TLS, and nodes with a cluster_certificate call each other with it; give an address that begins with https.");
    }

    private static void Envoy(List<string> problems, EnvoyRule rule)
    {
        const long MostNanos = 1L << 53;
        if (rule.Entry.Length == 0) problems.Add("envoy: a rule has no entry; give the key of the descriptor's entry that names the account.");
        if (rule.Names is not ("key" or "account")) problems.Add($"envoy: names '{rule.Names}' is not known; give key or account.");
        if (rule.Hits is not ("requests" or "tokens")) problems.Add($"envoy: hits '{rule.Hits}' is not known; give requests or tokens.");
        Range(problems, "envoy: hit_nanos", rule.HitNanos, 0, MostNanos);
    }

    private static void Address(List<string> problems, string field, string value)
    {
        if (!IPEndPoint.TryParse(value, out _)) problems.Add($"{field} '{value}' is no address with a port; give one such as 127.0.0.1:7070 or [::1]:7070.");
    }

    private static void File(List<string> problems, string field, string path)
    {
        if (path.Length > 0 && !System.IO.File.Exists(path)) problems.Add($"{field} '{path}' is not there; give the path of a PEM file.");
    }

    private static void Range(List<string> problems, string field, long value, long least, long most)
    {
        if (value < least || value > most) problems.Add($"{field} is {value}; give {least} to {most}.");
    }
}
