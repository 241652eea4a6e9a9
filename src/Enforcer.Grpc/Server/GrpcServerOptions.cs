using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Enforcer.Grpc;

/// <summary>The bounds of a gRPC server. Every queue, message and wait has one.</summary>
public sealed class GrpcServerOptions
{
    /// <summary>The longest request message of a unary or server-streaming method, in bytes; a method may set its own.</summary>
    public int MaxReceiveBytes { get; set; } = 64 * 1024;

    /// <summary>The longest message in a duplex stream, in bytes; a method may set its own.</summary>
    public int MaxStreamReceiveBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Calls that one connection may have open at once; more wait at the client.</summary>
    public int MaxStreamsPerConnection { get; set; } = 512;

    /// <summary>Open connections; more are closed as they come.</summary>
    public long MaxConnections { get; set; } = 10_000;

    /// <summary>The bytes a peer may have on its way unread in one call.</summary>
    public int InitialStreamWindowBytes { get; set; } = 768 * 1024;

    /// <summary>The bytes a peer may have on its way unread over all calls of a connection.</summary>
    public int InitialConnectionWindowBytes { get; set; } = 1024 * 1024;

    /// <summary>All header bytes of one call together.</summary>
    public int MaxHeaderBytes { get; set; } = 16 * 1024;

    /// <summary>A connection that was silent for so long is asked whether it lives.</summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection that does not answer for so long is closed.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>A connection without any call is closed after this.</summary>
    public TimeSpan IdleConnectionTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A duplex stream on which the client sends nothing for so long is ended with <see cref="GrpcStatus.Unavailable"/>.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The headers of a call, and each message that has begun to arrive in a stream, are complete within this.</summary>
    public TimeSpan SlowPeerTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock of deadlines and idle limits.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Applies the bounds to Kestrel. They hold for every endpoint of that server.</summary>
    public void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.KeepAliveTimeout = IdleConnectionTimeout;
        limits.RequestHeadersTimeout = SlowPeerTimeout;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        limits.Http2.InitialStreamWindowSize = InitialStreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = InitialConnectionWindowBytes;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        limits.Http2.KeepAlivePingDelay = KeepAlivePingDelay;
        limits.Http2.KeepAlivePingTimeout = KeepAlivePingTimeout;
    }
}
