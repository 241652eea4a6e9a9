using System.Globalization;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Protocol;
using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Operators.Prices;

/// <summary>What an entry or a refusal says, in sentences.</summary>
/// <param name="unit">The account's, in which amounts are told.</param>
internal sealed class Reasons(string unit)
{
    /// <summary>What an entry did, and why it could.</summary>
    public IEnumerable<string> Of(Entry entry)
    {
        yield return Did(entry);
        if (entry.HeadroomNanos != Outcome.NoCap) yield return $"The least headroom of its spend caps was {Money(entry.HeadroomNanos)} after it.";
        else if (entry.Kind is EntryKind.Reserved or EntryKind.Extended) yield return "No spend cap applies to it.";
        if (entry.OverrunNanos > 0) yield return $"No headroom covered {Money(entry.OverrunNanos)} of it: the account was overrun.";
        if (entry.Priced is { IsEstimated: true }) yield return "It is an estimate: the provider's figures are not known.";
        if (entry.Reason is { } reason) yield return $"{entry.Actor} gave the reason: {reason}";
    }

    /// <summary>Why an operation was refused, and the way out.</summary>
    public IEnumerable<string> Of(RefusedOperation refused)
    {
        var outcome = refused.Outcome;
        yield return outcome.Limit is { } limit ? $"Refused: {outcome.Refusal} ({limit})." : $"Refused: {outcome.Refusal}.";
        if (Missing(outcome) is { } missing) yield return missing;
        if (RefusalWords.Of(outcome) is { } words) yield return words;
        if (outcome.RetryAfterMs > 0) yield return $"Time helps: it may fit {Count(outcome.RetryAfterMs)} ms after it was refused.";
        if (outcome.Near is { Count: > 0 } near) yield return $"These have a price: {string.Join(", ", near)}.";
        yield return "Nothing was held or booked, so it is in no journal: this node remembers its latest refusals in memory alone.";
    }

    private string? Missing(in Outcome outcome) => outcome.Refusal switch
    {
        Refusal.ExceedsSpendCap or Refusal.ExceedsSpendCapInFlight when outcome.HeadroomNanos != Outcome.NoCap =>
            $"It needed {Money(outcome.HeadroomNanos + outcome.ShortBy)} of headroom and there was {Money(outcome.HeadroomNanos)}: " +
            $"{Money(outcome.ShortBy)} was missing, and open reservations held {Money(outcome.InFlight)} of that.",
        Refusal.BelowMarginFloor when outcome.ShortBy > 0 => $"Its cost is {Money(outcome.ShortBy)} above its price.",
        Refusal.RequestRate or Refusal.TokenRate => $"{Count(outcome.ShortBy)} were missing in the bucket.",
        Refusal.Concurrency => $"{Count(outcome.InFlight)} open reservations had to end first.",
        _ => null,
    };

    private string Did(in Entry entry) => entry.Kind switch
    {
        EntryKind.Reserved =>
            $"Granted: {Money(entry.HeldDeltaNanos)} and {Count(entry.TokensDelta)} tokens were held, because every limit had room for them.",
        EntryKind.Extended =>
            $"Granted: {Money(entry.HeldDeltaNanos)} and {Count(entry.TokensDelta)} tokens more were held, because every limit had room for them.",
        EntryKind.Committed => $"Booked {Money(entry.CommittedDeltaNanos)}; the reservation then held {Money(entry.HeldAfterNanos)}.",
        EntryKind.CommittedLate =>
            $"Came after the reservation had expired: {Money(entry.AmountNanos)} was reported, which changed what was booked by {Money(entry.CommittedDeltaNanos)}.",
        EntryKind.Released => $"Released: {Money(-entry.HeldDeltaNanos)} returned.",
        EntryKind.Reversed => $"Gave back {Money(-entry.CommittedDeltaNanos)} of what was committed.",
        _ => $"{entry.Kind}, entry {Count(entry.Seq)} of the account.",
    };

    private string Money(long nanos) => AmountText.Format(nanos, unit);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
