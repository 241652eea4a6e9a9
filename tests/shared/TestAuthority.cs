using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Enforcer.Testing;

/// <summary>An authority that issues certificates for a test, as files in a folder of its own.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enforcer-authority-").FullName;
    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public TestAuthority(string name = "Nodes")
    {
        var request = new CertificateRequest("CN=" + name, _pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _root = request.CreateSelfSigned(_now.AddDays(-2), _now.AddDays(2));
        File = Write("authority.pem", _root.ExportCertificatePem());
    }

    /// <summary>Its own certificate.</summary>
    public string File { get; }

    /// <summary>Issues a certificate for a DNS name, by default from yesterday until tomorrow.</summary>
    public (string Certificate, string Key) Issue(string dnsName, int fromDays = -1, int untilDays = 1, params string[] uses)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + dnsName, pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (uses.Length > 0) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(use => new Oid(use))], critical: false));
        using var made = request.Create(_root, _now.AddDays(fromDays), _now.AddDays(untilDays), RandomNumberGenerator.GetBytes(8));
        var file = Guid.NewGuid().ToString("n");
        return (Write(file + ".pem", made.ExportCertificatePem()), Write(file + ".key", pair.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>Writes a file that is none of them.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _root.Dispose();
        _pair.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
