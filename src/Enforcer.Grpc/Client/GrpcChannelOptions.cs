using System.Net.Security;

namespace Enforcer.Grpc;

/// <summary>How a client connects, and its bounds.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>The longest message that is accepted, in bytes.</summary>
    public int MaxReceiveBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a connection may take to come up before calls fail with <see cref="GrpcStatus.Unavailable"/>.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection that was silent for so long is asked whether it lives, while calls are open on it.</summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection that does not answer for so long is given up.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A connection on which the other machine acknowledges nothing for so long is given up, where the system can do that (Linux): what was sent into a broken
    /// network is told as lost then, and not after a keepalive. Zero: the system's own time.
    /// </summary>
    public TimeSpan UnacknowledgedTimeout { get; set; }

    /// <summary>Whether to open further connections when the first has as many calls open as the server allows.</summary>
    public bool EnableMultipleHttp2Connections { get; set; } = true;

    /// <summary>The bytes the server may have on its way unread in one call when it starts; it grows by itself.</summary>
    public int InitialStreamWindowBytes { get; set; } = 256 * 1024;

    /// <summary>Certificates and checks of TLS, for an address with https; null: the machine's trust.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>Metadata for every call, for example an authorization.</summary>
    public GrpcMetadata? Headers { get; set; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
