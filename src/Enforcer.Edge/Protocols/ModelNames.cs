namespace Enforcer.Edge.Protocols;

/// <summary>Lists of models: names, or beginnings with a star at the end.</summary>
internal static class ModelNames
{
    public static bool Have(IList<string> patterns, string model)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*') ? model.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase) : pattern == model)
                return true;
        }
        return false;
    }
}
