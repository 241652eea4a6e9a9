namespace Enforcer.Access;

/// <summary>How much a cache of credentials remembers. It holds at most twice each figure.</summary>
public sealed record CredentialCacheOptions
{
    /// <summary>Secrets in force: about 250 bytes each. From 1 to 10,000,000.</summary>
    public int Capacity { get; init; } = 200_000;

    /// <summary>Secrets that are unknown or have ended: about 150 bytes each. From 1 to 1,000,000.</summary>
    public int UnknownCapacity { get; init; } = 10_000;

    /// <summary>Refuses figures out of their bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its bounds.</exception>
    public void Validate()
    {
        if (Capacity is < 1 or > 10_000_000)
            throw new ArgumentOutOfRangeException(nameof(Capacity), Capacity, "Capacity is 1 to 10,000,000.");
        if (UnknownCapacity is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(UnknownCapacity), UnknownCapacity, "UnknownCapacity is 1 to 1,000,000.");
    }
}
