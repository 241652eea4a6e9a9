using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Rules;

namespace Enforcer.Host;

/// <summary>A reservation as it is shown, open or ended; everything in it is durable.</summary>
public sealed record ReservationReading
{
    /// <summary>Its id.</summary>
    public required OperationId Id { get; init; }

    /// <summary>How it ended: Committed, Released or Expired; None while it is open.</summary>
    public required EntryKind End { get; init; }

    /// <summary>Nanos it holds.</summary>
    public required long HeldNanos { get; init; }

    /// <summary>Tokens it holds.</summary>
    public required long HeldTokens { get; init; }

    /// <summary>Nanos booked on it, reversals not counted.</summary>
    public required long CommittedNanos { get; init; }

    /// <summary>Nanos reversed.</summary>
    public required long ReversedNanos { get; init; }

    /// <summary>When it was made, Unix ms.</summary>
    public required long ReservedAtMs { get; init; }

    /// <summary>When it ends or was to end by time, Unix ms.</summary>
    public required long ExpiresAtMs { get; init; }

    /// <summary>The model it was made for.</summary>
    public string? Model { get; init; }

    /// <summary>Its tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Its prices, with all that commits have reported; null if it was made by an amount.</summary>
    public PricedCall? Priced { get; init; }

    /// <summary>Finds it among an account's entries, newest first; reads no further back than the id's own time. Null if there is none.</summary>
    public static async Task<ReservationReading?> FindAsync(IAsyncEnumerable<Entry> newestFirst, OperationId id, LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        ArgumentNullException.ThrowIfNull(options);
        var history = new ReservationHistory(id);
        var entries = new List<Entry>();
        var earliest = id.TimeMs - options.FutureToleranceMs;
        await foreach (var entry in newestFirst.ConfigureAwait(false))
        {
            if (entry.AtMs < earliest) break;
            if (entry.ReservationId == id) entries.Add(entry);
        }
        for (var i = entries.Count - 1; i >= 0; i--) history.Add(entries[i]);
        if (!history.IsFound) return null;
        var last = entries[0];
        var isOpen = history.End == EntryKind.None;
        return new ReservationReading
        {
            Id = id,
            End = history.End,
            HeldNanos = isOpen ? last.HeldAfterNanos : 0,
            HeldTokens = isOpen ? last.TokensAfter : 0,
            CommittedNanos = history.CommittedNanos,
            ReversedNanos = history.ReversedNanos,
            ReservedAtMs = history.ReservedAtMs,
            ExpiresAtMs = history.ExpiresAtMs,
            Model = history.Model,
            Tag = history.Tag,
            Priced = history.Priced,
        };
    }
}
