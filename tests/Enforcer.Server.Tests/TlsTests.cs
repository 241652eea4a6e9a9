using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>One certificate secures both addresses.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enforcer-tls-").FullName;

    [Fact]
    public async Task Grpc_and_http_are_served_with_the_certificate()
    {
        var (certificate, key, thumbprint) = MakeCertificate();
        var seen = new List<string?>();
        var tls = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, presented, _, _) =>
            {
                lock (seen) seen.Add(presented?.GetCertHashString());
                return presented?.GetCertHashString() == thumbprint;
            },
        };
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.TlsCertificate = certificate;
                options.TlsKey = key;
            },
            tls);
        Assert.Equal((Uri.UriSchemeHttps, Uri.UriSchemeHttps), (server.Server.Grpc.Scheme, server.Server.Http.Scheme));

        var made = await server.CreateKeyAsync();
        await using (var reservation = await server.Client.ReserveAsync(made.Secret, 1)) Assert.True(reservation.IsGranted);
        Assert.Equal("ready\n", await server.Http.GetStringAsync("/readyz"));
        Assert.All(seen, presented => Assert.Equal(thumbprint, presented));

        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://{server.Server.Http.Authority}/readyz")));
    }

    [Fact]
    public async Task Certificate_that_cannot_be_read_is_refused_by_name()
    {
        var (certificate, _, _) = MakeCertificate();
        var refused = await Assert.ThrowsAsync<Options.OptionsException>(() => TestServer.StartOnAsync(options =>
        {
            options.Data = Path.Combine(_folder, "data");
            options.TlsCertificate = certificate;
            options.TlsKey = certificate;
        }));
        Assert.Contains(certificate, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (string Certificate, string Key, string Thumbprint) MakeCertificate()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", pair, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (certificate, key) = (Path.Combine(_folder, "cert.pem"), Path.Combine(_folder, "key.pem"));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
        return (certificate, key, made.GetCertHashString());
    }
}
