using Enforcer.Pricing.Cards;

namespace Enforcer.Pricing.Importing;

/// <summary>What became of a price file: each of its entries is either in the card, whole, or among those rejected. The same file gives the same report.</summary>
/// <param name="Card">All entries that were understood.</param>
/// <param name="Rejected">All others, by name.</param>
public sealed record ImportReport(RateCard Card, IReadOnlyList<RejectedEntry> Rejected)
{
    /// <summary>How many entries the file has.</summary>
    public int Entries => Card.Models.Count + Rejected.Count;

    /// <summary>"2986 entries: 2880 imported whole (96.4 %), 106 rejected."</summary>
    public string Summary
    {
        get
        {
            var perMille = Entries == 0 ? 0 : Card.Models.Count * 1_000L / Entries;
            return $"{Entries} entries: {Card.Models.Count} imported whole ({perMille / 10}.{perMille % 10} %), {Rejected.Count} rejected.";
        }
    }
}
