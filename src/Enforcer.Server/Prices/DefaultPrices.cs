using Enforcer.Pricing.Defaults;

namespace Enforcer.Server.Prices;

/// <summary>The published prices that come with the server, for a price book that has none yet.</summary>
internal static class DefaultPrices
{
    private const string Actor = "server";
    private const string Reason = "the default rate card, at first start";

    /// <summary>Adds the default card as the first version; it counts from the beginning of time, so that no later one begins before it.</summary>
    public static async Task AddIfNoneAsync(PriceStore prices, TimeProvider clock, CancellationToken cancel)
    {
        var versions = await prices.VersionsAsync(PriceStore.Upstream, cancel).ConfigureAwait(false);
        if (versions.Count > 0) return;
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await prices.AddAsync(DefaultRateCard.Read(), 0, nowMs, Actor, Reason, cancel).ConfigureAwait(false);
    }
}
