namespace Enforcer.Cluster;

/// <summary>How a node behaves among others.</summary>
public sealed record ClusterOptions
{
    /// <summary>This node's name.</summary>
    public required string Node { get; init; }

    /// <summary>How often a node shows that it lives: 10 ms to 10 s.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A node whose heartbeat did not move for so long, as another one saw it by its own clock, is replaced: at least four beats, and more than
    /// <see cref="Lease"/> and a beat.
    /// </summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For so long after a heartbeat that arrived a node may answer without asking again whether it was replaced: at least two beats.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMilliseconds(1_250);

    /// <summary>The longest that a command waits for its owner; then its outcome is unknown and the caller asks again.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A peer that owes answers and sends nothing for so long is given up, and connected to anew.</summary>
    public TimeSpan MostSilence { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most commands that wait for an owner that is not known or not there.</summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>How many accounts of other nodes it is remembered where they are.</summary>
    public int MaxRoutes { get; init; } = 262_144;

    /// <summary>The most accounts that are handed over at once; each of them pauses meanwhile.</summary>
    public int AccountsPerMove { get; init; } = 128;

    /// <summary>How long nodes must have been the same before accounts are moved to even them out.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Refuses what is out of its bounds.</summary>
    /// <exception cref="ArgumentException">Something is; the message says what, and the rule.</exception>
    public void Validate()
    {
        if (Beat < TimeSpan.FromMilliseconds(10) || Beat > TimeSpan.FromSeconds(10)) throw new ArgumentException($"Beat: {Beat} is not 10 ms to 10 s.");
        if (Lease < Beat * 2) throw new ArgumentException($"Lease: {Lease} is less than two beats of {Beat}.");
        if (DeadAfter < Beat * 4 || DeadAfter <= Lease + Beat)
            throw new ArgumentException($"DeadAfter: {DeadAfter} is less than four beats of {Beat}, or not more than the lease of {Lease} and a beat.");
        if (MaxWaiting < 1 || MaxRoutes < 1 || AccountsPerMove is < 1 or > 4_096)
            throw new ArgumentException($"MaxWaiting {MaxWaiting} and MaxRoutes {MaxRoutes} must be at least 1, AccountsPerMove {AccountsPerMove} 1 to 4096.");
    }
}
