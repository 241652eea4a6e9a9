namespace Enforcer.Cli.Rendering;

/// <summary>Text from elsewhere, made safe for a terminal.</summary>
internal static class CleanText
{
    /// <summary>The text with every control character replaced.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
