using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Enforcer.Cluster;

/// <summary>
/// A node's certificate and the authority of the cluster: what it shows to the others, whether it calls or is called, and what it asks them for. What the
/// machine trusts does not count.
/// </summary>
/// <remarks>
/// A certificate belongs to a node because it has the DNS name <c>NODE.node.enforcer</c>, wherever the node's address is. So a certificate that the same
/// authority has issued to an edge or to a person does not open the nodes' service, and one node cannot be taken for another.
/// </remarks>
public sealed class PeerCertificates
{
    /// <summary>What a certificate has behind the node's name.</summary>
    public const string NameSuffix = ".node.enforcer";

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2Collection _authority;
    private readonly SslStreamCertificateContext _context;

    private PeerCertificates(X509Certificate2 own, X509Certificate2Collection between, X509Certificate2Collection authority)
    {
        Own = own;
        Between = between;
        _authority = authority;
        _context = SslStreamCertificateContext.Create(own, between, offline: true);
    }

    /// <summary>This node's certificate, with its key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Those between it and the authority.</summary>
    public X509Certificate2Collection Between { get; }

    /// <summary>Reads and checks them as another node would, so that what is wrong shows at the start and not at the first call.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="node">This node's name.</param>
    /// <param name="now">The moment that they must be good at.</param>
    /// <exception cref="PeerCertificateException">They cannot be used.</exception>
    public static PeerCertificates Load(PeerCertificateFiles files, string node, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(files);
        var authority = Read("cluster_authority", files.Authority, "the certificate of the authority that issues the nodes' certificates");
        var all = Read("cluster_certificate", files.Certificate, "this node's certificate");
        var own = WithKey(files);
        all.RemoveAt(0);
        RequireNow($"cluster_certificate '{files.Certificate}'", own, now);
        RequireName(files, own, node);
        var certificates = new PeerCertificates(own, all, authority);
        certificates.RequireIssued(files, now);
        return certificates;
    }

    /// <summary>How this node calls another one: each makes sure who the other is.</summary>
    public SslClientAuthenticationOptions ClientOptions(string node) => new()
    {
        ClientCertificateContext = _context,
        CertificateChainPolicy = NewPolicy(),
        // The certificate is the node's, not its address's.
        RemoteCertificateValidationCallback = (_, shown, _, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && shown is X509Certificate2 certificate && IsOf(certificate, node),
    };

    /// <summary>What a certificate must be so that it counts; a new one each time, because checking changes it.</summary>
    public X509ChainPolicy NewPolicy()
    {
        // Nodes get new certificates, they do not ask lists: none of them may depend on a server elsewhere.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(_authority);
        return policy;
    }

    /// <summary>True for the certificate of any node.</summary>
    public static bool IsOfNode(X509Certificate2 certificate) => NamesOf(certificate).Any(static name => name.EndsWith(NameSuffix, StringComparison.OrdinalIgnoreCase));

    private static bool IsOf(X509Certificate2 certificate, string node) => NamesOf(certificate).Contains(node + NameSuffix, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames());

    private static X509Certificate2Collection Read(string setting, string path, string what)
    {
        var found = new X509Certificate2Collection();
        Exception? cause = null;
        try
        {
            found.ImportFromPemFile(path);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            cause = problem;
        }
        if (found.Count > 0) return found;
        throw new PeerCertificateException($"{setting} '{path}' holds no certificate that can be read{Because(cause)}; give the PEM file of {what}.", cause);
    }

    private static X509Certificate2 WithKey(PeerCertificateFiles files)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new PeerCertificateException(
                $"cluster_key '{files.Key}' holds no private key of cluster_certificate '{files.Certificate}'{Because(problem)}; " +
                "give the PEM file of the key that the certificate was requested with, not encrypted.",
                problem);
        }
    }

    private static void RequireNow(string what, X509Certificate2 certificate, DateTimeOffset now)
    {
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (now.UtcDateTime > until) throw new PeerCertificateException($"{what} expired at {Text(until)}; have a new one issued.");
        if (now.UtcDateTime < from) throw new PeerCertificateException($"{what} is good from {Text(from)} on, and it is {Text(now.UtcDateTime)}; set this machine's clock, or have another one issued.");
    }

    private static void RequireName(PeerCertificateFiles files, X509Certificate2 own, string node)
    {
        if (IsOf(own, node)) return;
        var names = string.Join(", ", NamesOf(own));
        throw new PeerCertificateException(
            $"cluster_certificate '{files.Certificate}' is for {(names.Length > 0 ? names : "no DNS name")}, and this is node '{node}'; " +
            $"have one issued for DNS:{node}{NameSuffix}, or give the node its own name (--node).");
    }

    private void RequireIssued(PeerCertificateFiles files, DateTimeOffset now)
    {
        foreach (var one in _authority) RequireNow($"cluster_authority '{files.Authority}', {one.Subject},", one, now);
        using var chain = new X509Chain { ChainPolicy = NewPolicy() };
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(Between);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerUse));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUse));
        if (chain.Build(Own)) return;
        var statuses = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        if ((statuses & X509ChainStatusFlags.NotValidForUsage) != 0)
        {
            throw new PeerCertificateException(
                $"cluster_certificate '{files.Certificate}' may not be used for what nodes use it for: they call and are called; have one issued with extendedKeyUsage=serverAuth,clientAuth.");
        }
        throw new PeerCertificateException(
            $"cluster_certificate '{files.Certificate}' was not issued by cluster_authority '{files.Authority}' ({statuses}); " +
            "give the certificate of the authority that issued it, and with it, behind the node's own, those in between.");
    }

    private static string Because(Exception? cause) => cause is null ? "" : $" ({cause.Message.TrimEnd('.')})";

    private static string Text(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
