namespace Enforcer.Pricing.Cards;

/// <summary>One version of a rate card in a price book. Never changes once it is in a book.</summary>
/// <param name="Number">Its place in the book, from 1.</param>
/// <param name="ValidFrom">The moment from which it counts, until a later version does.</param>
/// <param name="Card">The prices.</param>
public sealed record PriceVersion(int Number, DateTimeOffset ValidFrom, RateCard Card)
{
    /// <summary>What an entry is pinned to: number and content, such as "7:3f1c…". The content is checked when it is looked up.</summary>
    public string Pin => $"{Number}:{Card.ContentId}";
}
