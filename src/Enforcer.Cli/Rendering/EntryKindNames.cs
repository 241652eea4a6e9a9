using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>One word for each kind of entry, for tables and for <c>--kind</c>.</summary>
internal static class EntryKindNames
{
    private static readonly (EntryKind Kind, string Name)[] Names =
    [
        (EntryKind.AccountOpened, "opened"),
        (EntryKind.ReservationMade, "reserved"),
        (EntryKind.ReservationExtended, "extended"),
        (EntryKind.ReservationCommitted, "committed"),
        (EntryKind.ReservationReleased, "released"),
        (EntryKind.ReservationExpired, "expired"),
        (EntryKind.CommittedLate, "late-commit"),
        (EntryKind.CommitReversed, "reversed"),
        (EntryKind.LimitsSet, "limits-set"),
        (EntryKind.ToppedUp, "topped-up"),
        (EntryKind.Suspension, "suspended"),
        (EntryKind.Resumption, "resumed"),
        (EntryKind.Closure, "closed"),
        (EntryKind.WindowOpened, "window"),
    ];

    /// <summary>All words.</summary>
    public static IEnumerable<string> All => Names.Select(pair => pair.Name);

    /// <summary>The word for a kind.</summary>
    public static string Of(EntryKind kind)
    {
        foreach (var (known, name) in Names)
        {
            if (known == kind)
                return name;
        }
        // A newer server may know kinds that this build does not.
        return $"kind-{(int)kind}";
    }

    /// <summary>The kind for a word.</summary>
    public static bool TryParse(string text, out EntryKind kind, out string problem)
    {
        foreach (var (known, name) in Names)
        {
            kind = known;
            problem = "";
            if (name == text)
                return true;
        }
        kind = EntryKind.Unspecified;
        problem = $"'{text}' is not a kind of entry. Write one of {string.Join(", ", All)}.";
        return false;
    }
}
