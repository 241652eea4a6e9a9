using System.Net.Security;

namespace Enforcer.Client;

/// <summary>How a client reaches its server, and its bounds. Checked when the application starts.</summary>
public sealed class EnforcerClientOptions
{
    /// <summary>The most commands that can be open at once, whatever <see cref="MaxInFlight"/> is set to.</summary>
    public const int MaxInFlightBound = 65_536;

    /// <summary>The servers, as <c>http://host:port</c> or <c>https://host:port</c>. One is used; the next when it fails.</summary>
    public IReadOnlyList<string> Endpoints { get; set; } = ["http://127.0.0.1:7070"];

    /// <summary>The edge's token, <c>enf_edge_…</c>; for operator calls one with the role that they need.</summary>
    public string Token { get; set; } = "";

    /// <summary>How long reservations live unless they say otherwise: 1 ms to 24 h; null: the server's default.</summary>
    public TimeSpan? DefaultTtl { get; set; }

    /// <summary>What disposing a reservation without a commit does. Charging is the safe default: the money may have been spent.</summary>
    public DisposePolicy OnDispose { get; set; } = DisposePolicy.Charge;

    /// <summary>How long a call may take in all, retries and reconnects included: 1 ms to 1 h.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to come up: 1 ms to 1 h.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most commands on their way at once, 1 to <see cref="MaxInFlightBound"/>; further calls wait their turn.</summary>
    public int MaxInFlight { get; set; } = 4096;

    /// <summary>How often one call is repeated when the server is busy or its journal cannot be reached; 0: never.</summary>
    public int MaxRetries { get; set; } = 8;

    /// <summary>The retry budget over all calls: at most this many repeats per hundred answers (0 to 100), and a hundred at once.</summary>
    public int RetryPercent { get; set; } = 20;

    /// <summary>The wait before the first repeat or reconnect, on average; it doubles up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait before a repeat or reconnect.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Certificates and checks for endpoints with https; null: the machine's trust.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>The clock of deadlines, waits and operation ids.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
