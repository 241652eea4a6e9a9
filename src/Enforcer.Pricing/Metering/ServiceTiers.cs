namespace Enforcer.Pricing.Metering;

/// <summary>Facts and names of the service tiers.</summary>
public static class ServiceTiers
{
    private static readonly (ServiceTier Tier, string Name)[] Names =
    [
        (ServiceTier.Standard, "standard"),
        (ServiceTier.Batch, "batch"),
        (ServiceTier.Flex, "flex"),
        (ServiceTier.Priority, "priority"),
        (ServiceTier.Fast, "fast"),
    ];

    /// <summary>True for tiers that cost at least the standard price, so that the standard price is no bound for them.</summary>
    public static bool IsDearer(ServiceTier tier) => tier is ServiceTier.Priority or ServiceTier.Fast;

    /// <summary>The name of a tier in files.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tier.</exception>
    public static string NameOf(ServiceTier tier)
    {
        foreach (var (known, name) in Names)
        {
            if (known == tier) return name;
        }
        throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such service tier.");
    }

    /// <summary>The tier of a name; false if there is none.</summary>
    public static bool TryParse(string name, out ServiceTier tier)
    {
        foreach (var (known, text) in Names)
        {
            tier = known;
            if (text == name) return true;
        }
        tier = default;
        return false;
    }
}
