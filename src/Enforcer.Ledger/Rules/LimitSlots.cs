using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>Gives each spend limit a slot: one that stays keeps slot and counts, a new one takes the first empty slot.</summary>
internal static class LimitSlots
{
    public static SpendCounter?[] Arrange(ReadOnlySpan<SpendCounter?> old, IReadOnlyList<SpendLimit> wanted, long seq)
    {
        var slots = new SpendCounter?[Math.Max(old.Length, wanted.Count)];
        var placed = new bool[wanted.Count];
        for (var slot = 0; slot < old.Length; slot++)
        {
            var at = old[slot] is { } counter ? IndexOf(wanted, counter.Limit) : -1;
            if (at < 0) continue;
            old[slot]!.Replace(wanted[at]);
            slots[slot] = old[slot];
            placed[at] = true;
        }
        for (var i = 0; i < wanted.Count; i++)
        {
            if (!placed[i]) slots[Array.IndexOf(slots, null)] = new SpendCounter(wanted[i], seq);
        }
        return Trimmed(slots);
    }

    private static int IndexOf(IReadOnlyList<SpendLimit> limits, SpendLimit limit)
    {
        for (var i = 0; i < limits.Count; i++)
        {
            if (limits[i].IsSameLimit(limit)) return i;
        }
        return -1;
    }

    private static SpendCounter?[] Trimmed(SpendCounter?[] slots)
    {
        var length = slots.Length;
        while (length > 0 && slots[length - 1] is null) length--;
        return length == slots.Length ? slots : slots[..length];
    }
}
