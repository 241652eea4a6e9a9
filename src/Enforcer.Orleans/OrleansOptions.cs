using System.Net;
using Orleans.Hosting;

namespace Enforcer.Orleans;

/// <summary>How a silo takes part in its cluster.</summary>
public sealed record OrleansOptions
{
    /// <summary>The PostgreSQL that holds the journal; the cluster's own tables are in the same schema.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>This node's name, the same as in the journal.</summary>
    public required string Node { get; init; }

    /// <summary>Silos with the same name are one cluster.</summary>
    public string ClusterId { get; init; } = "enforcer";

    /// <summary>Where other silos reach this one. Port 0: a free one. Address 0.0.0.0: all, of which the first that is not the loopback is told to others.</summary>
    public IPEndPoint Silo { get; init; } = new(IPAddress.Loopback, 11_111);

    /// <summary>Where the dashboard is served, to operators only; null for none.</summary>
    public IPEndPoint? Dashboard { get; init; }

    /// <summary>The longest that a command waits for its owner; then its outcome is unknown and the caller asks again: 100 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo may take to answer another one's probe: 100 ms to 60 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After so many probes in a row without an answer a silo is voted dead: 1 to 100.</summary>
    public int MissedProbes { get; init; } = 2;

    /// <summary>The most requests that wait for silos; more are refused as busy: at least 1.</summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>How many accounts it is remembered where they are: at least 1.</summary>
    public int MaxRoutes { get; init; } = 262_144;

    /// <summary>
    /// Sets up the streams on which changes are published, as a provider with the name <see cref="ChangeStreams.Provider"/>; null for streams in the
    /// silos' memory.
    /// </summary>
    public Action<ISiloBuilder>? Streams { get; init; }

    /// <summary>How often balances that have changed are published: 50 ms to 60 s.</summary>
    public TimeSpan PublishInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Refuses what is out of its bounds.</summary>
    /// <exception cref="ArgumentException">Something is; the message says what, and the rule.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString)) throw new ArgumentException("ConnectionString is missing: say which PostgreSQL, as 'Host=…;Database=…;Username=…'.");
        if (string.IsNullOrWhiteSpace(Node)) throw new ArgumentException("Node is missing: give each silo a name of its own.");
        if (string.IsNullOrWhiteSpace(ClusterId)) throw new ArgumentException("ClusterId is missing: silos with the same one are one cluster.");
        Require(RequestTimeout, 100, nameof(RequestTimeout));
        Require(ProbeTimeout, 100, nameof(ProbeTimeout));
        Require(PublishInterval, 50, nameof(PublishInterval));
        if (MaxWaiting < 1 || MaxRoutes < 1) throw new ArgumentException($"MaxWaiting {MaxWaiting} and MaxRoutes {MaxRoutes} must be at least 1.");
        if (MissedProbes is < 1 or > 100) throw new ArgumentException($"MissedProbes: {MissedProbes} is not 1 to 100.");
    }

    private static void Require(TimeSpan value, int leastMs, string name)
    {
        if (value < TimeSpan.FromMilliseconds(leastMs) || value > TimeSpan.FromSeconds(60)) throw new ArgumentException($"{name}: {value} is not {leastMs} ms to 60 s.");
    }
}
