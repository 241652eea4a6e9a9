using System.Globalization;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Operators.Prices;

/// <summary>What an entry says, in sentences.</summary>
internal static class Reasons
{
    public static IEnumerable<string> Of(Entry entry)
    {
        yield return Did(entry);
        if (entry.HeadroomNanos != Outcome.NoCap) yield return Text($"The least headroom of its spend caps was {entry.HeadroomNanos} nanos after it.");
        else if (entry.Kind is EntryKind.Reserved or EntryKind.Extended) yield return "No spend cap applies to it.";
        if (entry.OverrunNanos > 0) yield return Text($"No headroom covered {entry.OverrunNanos} nanos of it: the account was overrun.");
        if (entry.Priced is { IsEstimated: true }) yield return "It is an estimate: the provider's figures are not known.";
        if (entry.Reason is { } reason) yield return $"{entry.Actor} gave the reason: {reason}";
    }

    /// <summary>Why an operation was refused, and the way out.</summary>
    public static IEnumerable<string> Of(RefusedOperation refused)
    {
        var outcome = refused.Outcome;
        yield return outcome.Limit is { } limit ? $"Refused: {outcome.Refusal} ({limit})." : $"Refused: {outcome.Refusal}.";
        if (Missing(outcome) is { } missing) yield return missing;
        if (RefusalWords.Of(outcome) is { } words) yield return words;
        if (outcome.RetryAfterMs > 0) yield return Text($"Time helps: it may fit {outcome.RetryAfterMs} ms after it was refused.");
        if (outcome.Near is { Count: > 0 } near) yield return $"These have a price: {string.Join(", ", near)}.";
        yield return "Nothing was held or booked, so it is in no journal: this node remembers its latest refusals in memory alone.";
    }

    private static string? Missing(in Outcome outcome) => outcome.Refusal switch
    {
        Refusal.ExceedsSpendCap or Refusal.ExceedsSpendCapInFlight when outcome.HeadroomNanos != Outcome.NoCap => Text(
            $"It needed {outcome.HeadroomNanos + outcome.ShortBy} nanos of headroom and there were {outcome.HeadroomNanos}: {outcome.ShortBy} were missing, and open reservations held {outcome.InFlight} of them."),
        Refusal.RequestRate or Refusal.TokenRate => Text($"{outcome.ShortBy} were missing in the bucket."),
        Refusal.Concurrency => Text($"{outcome.InFlight} open reservations had to end first."),
        _ => null,
    };

    private static string Did(in Entry entry) => entry.Kind switch
    {
        EntryKind.Reserved => Text($"Granted: {entry.HeldDeltaNanos} nanos and {entry.TokensDelta} tokens were held, because every limit had room for them."),
        EntryKind.Extended => Text($"Granted: {entry.HeldDeltaNanos} nanos and {entry.TokensDelta} tokens more were held, because every limit had room for them."),
        EntryKind.Committed => Text($"Booked {entry.CommittedDeltaNanos} nanos; the reservation then held {entry.HeldAfterNanos}."),
        EntryKind.CommittedLate => Text($"Came after the reservation had expired: {entry.AmountNanos} nanos were reported, which changed what was booked by {entry.CommittedDeltaNanos}."),
        EntryKind.Released => Text($"Released: {-entry.HeldDeltaNanos} nanos returned."),
        EntryKind.Reversed => Text($"Gave back {-entry.CommittedDeltaNanos} nanos of what was committed."),
        _ => Text($"{entry.Kind}, entry {entry.Seq} of the account."),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
