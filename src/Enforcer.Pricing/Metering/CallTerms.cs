namespace Enforcer.Pricing.Metering;

/// <summary>What besides quantities decides the price of a call: the tier that serves it and the region that it must stay in.</summary>
/// <param name="Tier">The service tier that the provider billed.</param>
/// <param name="Region">A region as the rate card names it ("eu", "us"), or null. One that the card does not name costs nothing extra.</param>
public readonly record struct CallTerms(ServiceTier Tier, string? Region = null)
{
    /// <summary>The standard tier, anywhere.</summary>
    public static CallTerms Standard => default;

    /// <summary>"standard", or "batch in eu".</summary>
    public override string ToString()
    {
        var tier = ServiceTiers.NameOf(Tier);
        return Region is null ? tier : $"{tier} in {Region}";
    }
}
