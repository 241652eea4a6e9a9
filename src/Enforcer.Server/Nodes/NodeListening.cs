using System.Net;
using System.Net.Security;
using Enforcer.Cluster;
using Enforcer.Server.Options;
using Enforcer.Storage.Postgres;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Enforcer.Server.Nodes;

/// <summary>Where a node with a certificate serves the others, and whom it lets in there.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Certificates">Its own certificate and the authority's.</param>
internal sealed record NodeListening(IPEndPoint Address, PeerCertificates Certificates)
{
    /// <summary>As the options say; null if nodes are served where edges are.</summary>
    /// <exception cref="OptionsException">The certificate cannot be used.</exception>
    public static NodeListening? Of(EnforcerServerOptions options, TimeProvider clock)
    {
        if (options.ClusterCertificate.Length == 0) return null;
        try
        {
            var files = new PeerCertificateFiles(options.ClusterCertificate, options.ClusterKey, options.ClusterAuthority);
            return new NodeListening(AddressOf(options), PeerCertificates.Load(files, ServerStorage.PostgresOf(options).Node, clock.GetUtcNow()));
        }
        catch (PeerCertificateException wrong)
        {
            throw new OptionsException(wrong.Message, wrong);
        }
    }

    /// <summary>Serves gRPC to whoever shows a node's certificate of the same authority; the handshake of all others fails.</summary>
    public void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(https =>
        {
            https.ServerCertificate = Certificates.Own;
            https.ServerCertificateChain = Certificates.Between;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = static (shown, _, errors) => errors == SslPolicyErrors.None && PeerCertificates.IsOfNode(shown);
            https.OnAuthenticate = (_, tls) => tls.CertificateChainPolicy = Certificates.NewPolicy();
        });
    }

    private static IPEndPoint AddressOf(EnforcerServerOptions options)
    {
        if (options.ClusterListen.Length > 0) return IPEndPoint.Parse(options.ClusterListen);
        var grpc = IPEndPoint.Parse(options.Grpc);
        if (grpc.Port == IPEndPoint.MaxPort) throw new OptionsException($"cluster_listen is empty, and there is no port behind that of grpc '{options.Grpc}'; give it an address and port.");
        return grpc.Port == 0 ? grpc : new IPEndPoint(grpc.Address, grpc.Port + 1);
    }
}
