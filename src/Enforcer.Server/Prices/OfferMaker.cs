using Enforcer.Access;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Server.Prices;

/// <summary>Makes offers from what the directory keeps: for an account now, or again by the pin of an entry.</summary>
internal sealed class OfferMaker(PriceStore store)
{
    private const int MostNear = 5;

    /// <summary>A model of the card that is not listed by its name is priced by this one, if the card has it.</summary>
    private const string AnyModel = "*";

    /// <summary>What a model costs an account with these plans now.</summary>
    public async ValueTask<OfferAnswer> MakeAsync(PlanChoice plans, string unit, string model, string? provider, long nowMs, CancellationToken cancel)
    {
        var versions = await store.VersionsAsync(PriceStore.Upstream, cancel).ConfigureAwait(false);
        var untilMs = PriceStore.NextMs(versions, nowMs);
        if (PriceStore.At(versions, nowMs) is not { } record) return OfferAnswer.None("no version of the price book counts yet; import one", untilMs);
        var version = await store.OpenAsync(record, cancel).ConfigureAwait(false);
        if ((version.Card.Find(model, provider) ?? version.Card.Find(AnyModel)) is not { } rates) return Unlisted(version.Card, model, provider, untilMs);
        try
        {
            var own = await store.StackAsync(plans.Plans, cancel).ConfigureAwait(false);
            var resellers = new PriceStack[plans.Resellers.Count];
            for (var i = 0; i < resellers.Length; i++) resellers[i] = await store.StackAsync(plans.Resellers[i], cancel).ConfigureAwait(false);
            var offer = new Offer(version, rates, own, resellers);
            return Problem(offer, unit) is { } problem ? OfferAnswer.None(problem, untilMs) : new OfferAnswer(offer, null, null, untilMs);
        }
        catch (RateCardException e)
        {
            return OfferAnswer.None(e.Message.TrimEnd('.'), untilMs);
        }
    }

    /// <summary>The offer that an entry is pinned to, from the same contents.</summary>
    /// <exception cref="DirectoryException">They are not there any more.</exception>
    public async ValueTask<Offer> MakeAsync(PricedCall pinned, CancellationToken cancel)
    {
        var parts = pinned.Pin.Split('/');
        var version = await VersionAsync(parts[0], cancel).ConfigureAwait(false);
        var stacks = new List<PriceStack>();
        foreach (var id in parts.Skip(1)) stacks.Add(await store.StackAsync(id, cancel).ConfigureAwait(false));
        var rates = version.Card.Find(pinned.Model, pinned.Provider)
            ?? throw new DirectoryException($"The prices {parts[0]} do not list {pinned.Model} of {pinned.Provider}: the directory is damaged.");
        return new Offer(version, rates, stacks[^1], stacks[..^1]);
    }

    private async ValueTask<PriceVersion> VersionAsync(string pin, CancellationToken cancel)
    {
        var colon = pin.IndexOf(':', StringComparison.Ordinal);
        var versions = await store.VersionsAsync(PriceStore.Upstream, cancel).ConfigureAwait(false);
        var record = versions.FirstOrDefault(version => version.ContentId == pin[(colon + 1)..] && pin.StartsWith($"{version.Number}:", StringComparison.Ordinal))
            ?? throw new DirectoryException($"The version {pin} of the price book is not in the directory, but an entry names it: restore it from a backup.");
        return await store.OpenAsync(record, cancel).ConfigureAwait(false);
    }

    private static string? Problem(Offer offer, string unit)
    {
        if (offer.Unit != unit) return $"the account is in {unit}, but its prices come to {offer.Unit}; give it a plan with creditUnits, or open one in {offer.Unit}";
        var twice = offer.Counters.GroupBy(counter => counter.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? null : $"counter {twice.Key} counts {string.Join(" and ", twice.Select(counter => counter.Meters))}; give each count its own name";
    }

    private static OfferAnswer Unlisted(RateCard card, string model, string? provider, long untilMs)
    {
        var providers = card.Models.Where(listed => listed.Model == model).Select(listed => listed.Provider).ToArray();
        return providers.Length == 0
            ? OfferAnswer.None($"model '{model}' is not listed", untilMs, card.Near(model, MostNear))
            : OfferAnswer.None($"model '{model}' is listed for {string.Join(", ", providers)}, not for {provider ?? "all calls"}; name the provider", untilMs, [model]);
    }
}
