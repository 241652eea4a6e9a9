using Enforcer.Testing;

namespace Enforcer.Cluster.Tests.Transport;

/// <summary>What a node does not start with, and what it says then.</summary>
public sealed class PeerCertificatesTests : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private readonly TestAuthority _authority = new();

    [Fact]
    public void A_node_loads_what_was_issued_for_it()
    {
        var certificates = Load(_authority.Issue("node-1.node.enforcer"));
        Assert.True(PeerCertificates.IsOfNode(certificates.Own));
        Assert.Empty(certificates.Between);
        Load(_authority.Issue("NODE-1.node.enforcer", uses: [ServerUse, ClientUse]));
    }

    [Fact]
    public void One_that_has_expired_says_when()
    {
        var told = Refused(_authority.Issue("node-1.node.enforcer", untilDays: 0), TimeSpan.FromHours(1));
        Assert.StartsWith("cluster_certificate '", told, StringComparison.Ordinal);
        Assert.Contains("' expired at ", told, StringComparison.Ordinal);
        Assert.EndsWith("have a new one issued.", told, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_good_yet_points_at_the_clock() =>
        Assert.Contains("set this machine's clock", Refused(_authority.Issue("node-1.node.enforcer", fromDays: 1, untilDays: 2)), StringComparison.Ordinal);

    [Fact]
    public void One_of_another_authority_names_both_files()
    {
        using var other = new TestAuthority("Others");
        var (certificate, key) = other.Issue("node-1.node.enforcer");
        Assert.Contains($"'{certificate}' was not issued by cluster_authority '{_authority.File}'", Refused((certificate, key)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_without_its_key_names_the_key()
    {
        var (certificate, key) = _authority.Issue("node-1.node.enforcer");
        var (_, another) = _authority.Issue("node-1.node.enforcer");
        foreach (var wrong in (string[])[certificate, another, _authority.Write("empty.key", "")])
        {
            var told = Refused((certificate, wrong));
            Assert.StartsWith($"cluster_key '{wrong}' holds no private key of cluster_certificate '{certificate}'", told, StringComparison.Ordinal);
            Assert.Contains("give the PEM file of the key", told, StringComparison.Ordinal);
        }
        Assert.StartsWith($"cluster_certificate '{key}' holds no certificate", Refused((key, key)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node-2.node.enforcer", "is for node-2.node.enforcer, and this is node 'node-1'")]
    [InlineData("node-1", "have one issued for DNS:node-1.node.enforcer")]
    [InlineData("edge-1.example.com", "or give the node its own name (--node)")]
    public void One_for_another_name_says_which_name_is_needed(string name, string told) =>
        Assert.Contains(told, Refused(_authority.Issue(name)), StringComparison.Ordinal);

    [Fact]
    public void One_that_may_only_serve_is_refused() =>
        Assert.Contains("extendedKeyUsage=serverAuth,clientAuth", Refused(_authority.Issue("node-1.node.enforcer", uses: [ServerUse])), StringComparison.Ordinal);

    [Fact]
    public void An_authority_without_a_certificate_is_named()
    {
        var (certificate, key) = _authority.Issue("node-1.node.enforcer");
        var told = Assert.Throws<PeerCertificateException>(() => PeerCertificates.Load(new PeerCertificateFiles(certificate, key, key), "node-1", TimeProvider.System.GetUtcNow())).Message;
        Assert.StartsWith($"cluster_authority '{key}' holds no certificate", told, StringComparison.Ordinal);
    }

    public void Dispose() => _authority.Dispose();

    private string Refused((string Certificate, string Key) issued, TimeSpan ahead = default)
    {
        var now = TimeProvider.System.GetUtcNow() + ahead;
        return Assert.Throws<PeerCertificateException>(() => Load(issued, now)).Message;
    }

    private PeerCertificates Load((string Certificate, string Key) issued, DateTimeOffset? now = null) =>
        PeerCertificates.Load(new PeerCertificateFiles(issued.Certificate, issued.Key, _authority.File), "node-1", now ?? TimeProvider.System.GetUtcNow());
}
