namespace Enforcer.Pricing.Cards;

/// <summary>How many letters must be added, taken or changed to get from one name to another.</summary>
internal static class NameDistance
{
    private const int MostLength = 128;

    public static int Between(string from, string to)
    {
        if (from.Length > MostLength || to.Length > MostLength) return int.MaxValue;
        Span<int> row = stackalloc int[MostLength + 1];
        for (var j = 0; j <= to.Length; j++) row[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.Length];
    }
}
