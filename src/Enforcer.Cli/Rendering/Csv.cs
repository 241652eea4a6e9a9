namespace Enforcer.Cli.Rendering;

/// <summary>Rows of CSV (RFC 4180).</summary>
internal static class Csv
{
    /// <summary>Writes one row.</summary>
    public static void Row(TextWriter output, params string[] cells) => output.Write(string.Join(',', cells.Select(Quote)) + "\r\n");

    /// <summary>Text that a spreadsheet would run as a formula gets an apostrophe in front: models, tags and reasons come from other people.</summary>
    public static string Harmless(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
