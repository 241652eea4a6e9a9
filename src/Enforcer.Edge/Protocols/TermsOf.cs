using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Protocols;

/// <summary>Every set of terms on which a call may be billed, by what it asks for: a provider may serve a dearer tier as the ordinary one.</summary>
internal static class TermsOf
{
    /// <param name="asked">The tier that the request names; null if it names none.</param>
    /// <param name="isFast">The request asks for fast generation.</param>
    /// <param name="region">The region that it must stay in.</param>
    /// <param name="upstream">Where it goes.</param>
    public static IReadOnlyList<CallTerms> Call(string? asked, bool isFast, string? region, UpstreamSettings upstream)
    {
        if (isFast)
            return [new CallTerms(ServiceTier.Fast, region), new CallTerms(ServiceTier.Standard, region)];
        return asked switch
        {
            null or "auto" => [.. Usual(upstream).Select(tier => new CallTerms(tier, region))],
            "default" or "standard" or "standard_only" or "scale" => [new CallTerms(ServiceTier.Standard, region)],
            "flex" => [new CallTerms(ServiceTier.Flex, region), new CallTerms(ServiceTier.Standard, region)],
            "priority" => [new CallTerms(ServiceTier.Priority, region), new CallTerms(ServiceTier.Standard, region)],
            _ => throw new BadCallException($"service_tier is '{asked}', whose price is not known here; leave it out.", "service_tier"),
        };
    }

    private static IEnumerable<ServiceTier> Usual(UpstreamSettings upstream) => upstream.UsualTiers.Count == 0
        ? [ServiceTier.Standard]
        : upstream.UsualTiers.Select(name => ServiceTiers.TryParse(name, out var tier) ? tier : ServiceTier.Standard);
}
