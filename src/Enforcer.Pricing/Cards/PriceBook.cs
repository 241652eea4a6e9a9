using System.Globalization;

namespace Enforcer.Pricing.Cards;

/// <summary>
/// All versions of one seller's rate card. A version is never changed or taken out, so what was priced by it can be explained for ever; a
/// wrong one is replaced by adding another with the same beginning. Immutable: adding gives a new book.
/// </summary>
public sealed class PriceBook
{
    private readonly PriceVersion[] _versions;

    private PriceBook(string seller, string unit, PriceVersion[] versions) => (Seller, Unit, _versions) = (seller, unit, versions);

    /// <summary>A book with its first version.</summary>
    public static PriceBook StartingWith(RateCard card, DateTimeOffset validFrom) =>
        new(card.Seller, card.Unit, [new PriceVersion(1, validFrom, card)]);

    /// <summary>Whose prices these are.</summary>
    public string Seller { get; }

    /// <summary>The unit of all versions.</summary>
    public string Unit { get; }

    /// <summary>All versions, in the order in which they were added.</summary>
    public IReadOnlyList<PriceVersion> Versions => _versions;

    /// <summary>The book with one version more.</summary>
    /// <exception cref="RateCardException">The card is another seller's, or in another unit.</exception>
    public PriceBook With(RateCard card, DateTimeOffset validFrom)
    {
        if (card.Seller != Seller) throw new RateCardException($"seller is {card.Seller}: this book is {Seller}'s, start another for {card.Seller}.");
        if (card.Unit != Unit) throw new RateCardException($"unit is {card.Unit}: this book is in {Unit}, and prices do not change their unit.");
        return new PriceBook(Seller, Unit, [.. _versions, new PriceVersion(_versions.Length + 1, validFrom, card)]);
    }

    /// <summary>The version that counts at a moment: the one with the latest beginning; of several with the same, the one added last. Null before the first.</summary>
    public PriceVersion? At(DateTimeOffset moment)
    {
        PriceVersion? valid = null;
        foreach (var version in _versions)
        {
            if (version.ValidFrom <= moment && (valid is null || version.ValidFrom >= valid.ValidFrom)) valid = version;
        }
        return valid;
    }

    /// <summary>The version that an entry was pinned to; null if this book has no such number, or another content under it.</summary>
    public PriceVersion? Find(string pin)
    {
        var colon = pin.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(pin.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (number < 1 || number > _versions.Length) return null;
        return _versions[number - 1] is { } version && version.Pin == pin ? version : null;
    }
}
