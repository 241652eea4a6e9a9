using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Server.Operators.Prices;
using Enforcer.Server.Refusals;

namespace Enforcer.Server.Tests;

/// <summary>What explanations say: amounts in the account's unit as everywhere, counts as counts, no nanos.</summary>
public sealed class ReasonsTests
{
    private const long Cent = 10_000_000;

    public static TheoryData<string, Entry, string[]> Entries => new()
    {
        {
            "USD",
            new Entry { Kind = EntryKind.Reserved, HeldDeltaNanos = 125 * Cent, TokensDelta = 1_500, HeadroomNanos = 375 * Cent },
            ["Granted: $1.25 and 1,500 tokens were held, because every limit had room for them.", "The least headroom of its spend caps was $3.75 after it."]
        },
        {
            "EUR",
            new Entry { Kind = EntryKind.Extended, HeldDeltaNanos = 50 * Cent, HeadroomNanos = Outcome.NoCap },
            ["Granted: 0.50 EUR and 0 tokens more were held, because every limit had room for them.", "No spend cap applies to it."]
        },
        {
            "ACU",
            new Entry { Kind = EntryKind.Committed, CommittedDeltaNanos = 300 * Cent, HeldAfterNanos = Cent, OverrunNanos = 200 * Cent, HeadroomNanos = -200 * Cent },
            [
                "Booked 3 ACU; the reservation then held 0.01 ACU.",
                "The least headroom of its spend caps was -2 ACU after it.",
                "No headroom covered 2 ACU of it: the account was overrun.",
            ]
        },
        {
            "USD",
            new Entry { Kind = EntryKind.CommittedLate, AmountNanos = 2, CommittedDeltaNanos = -3, HeadroomNanos = Outcome.NoCap },
            ["Came after the reservation had expired: $0.000000002 was reported, which changed what was booked by -$0.000000003."]
        },
        { "USD", new Entry { Kind = EntryKind.Released, HeldDeltaNanos = -Cent, HeadroomNanos = Outcome.NoCap }, ["Released: $0.01 returned."] },
        {
            "USD",
            new Entry { Kind = EntryKind.Reversed, CommittedDeltaNanos = -Cent, HeadroomNanos = Outcome.NoCap, Actor = "kim", Reason = "wrong" },
            ["Gave back $0.01 of what was committed.", "kim gave the reason: wrong"]
        },
    };

    public static TheoryData<string, Outcome, string> Refusals => new()
    {
        {
            "EUR",
            new Outcome { Refusal = Refusal.ExceedsSpendCapInFlight, HeadroomNanos = 30 * Cent, ShortBy = 20 * Cent, InFlight = 20 * Cent },
            "It needed 0.50 EUR of headroom and there was 0.30 EUR: 0.20 EUR was missing, and open reservations held 0.20 EUR of that."
        },
        { "USD", new Outcome { Refusal = Refusal.BelowMarginFloor, ShortBy = Cent }, "Its cost is $0.01 above its price." },
        { "USD", new Outcome { Refusal = Refusal.TokenRate, ShortBy = 12_000 }, "12,000 were missing in the bucket." },
        { "USD", new Outcome { Refusal = Refusal.Concurrency, InFlight = 2 }, "2 open reservations had to end first." },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void An_entry_is_told_in_the_accounts_unit(string unit, Entry entry, string[] told) => Assert.Equal(told, new Reasons(unit).Of(entry));

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_is_told_in_the_accounts_unit(string unit, Outcome outcome, string told) =>
        Assert.Equal(told, new Reasons(unit).Of(new RefusedOperation(default, 0, "acme", outcome)).ElementAt(1));
}
