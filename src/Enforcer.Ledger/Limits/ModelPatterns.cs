namespace Enforcer.Ledger.Limits;

/// <summary>Patterns of model names: exact, or with one trailing star. Ordinal, so that what matches never depends on a culture.</summary>
public static class ModelPatterns
{
    /// <summary>True if the name fits the pattern; no name fits only the pattern "*".</summary>
    public static bool Matches(string pattern, string? model)
    {
        if (pattern.EndsWith('*'))
            return (model ?? "").AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal);
        return string.Equals(pattern, model, StringComparison.Ordinal);
    }
}
