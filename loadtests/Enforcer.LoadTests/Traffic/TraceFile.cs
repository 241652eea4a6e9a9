using System.Globalization;

namespace Enforcer.LoadTests.Traffic;

/// <summary>Reads the CSV format of the Azure LLM inference traces: <c>TIMESTAMP,ContextTokens,GeneratedTokens</c>.</summary>
internal static class TraceFile
{
    private const string Header = "TIMESTAMP,ContextTokens,GeneratedTokens";

    public static IReadOnlyList<TraceRow> Read(string path)
    {
        using var reader = new StreamReader(path);
        return Read(reader);
    }

    public static IReadOnlyList<TraceRow> Read(TextReader reader)
    {
        if (reader.ReadLine()?.Trim() != Header)
            throw new FormatException($"line 1: the trace must begin with the header '{Header}'");
        var rows = new List<TraceRow>();
        DateTime? first = null;
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
                continue;
            var (at, context, generated) = Parse(text, line);
            first ??= at;
            rows.Add(new TraceRow(at - first.Value, context, generated));
        }

        if (rows.Count == 0)
            throw new FormatException("the trace has no requests: at least one line must follow the header");
        rows.Sort((a, b) => a.At.CompareTo(b.At));
        return rows;
    }

    private static (DateTime At, int Context, int Generated) Parse(string text, int line)
    {
        var fields = text.Split(',');
        if (fields.Length != 3)
            throw new FormatException($"line {line}: {fields.Length} fields, three are needed: {Header}");
        if (!DateTime.TryParse(fields[0], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            throw new FormatException($"line {line}: TIMESTAMP '{fields[0]}' is no time such as 2023-11-16 18:15:46.6805900");
        return (at, Tokens(fields[1], "ContextTokens", line), Tokens(fields[2], "GeneratedTokens", line));
    }

    private static int Tokens(string field, string name, int line) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens)
            ? tokens
            : throw new FormatException($"line {line}: {name} '{field}' is no whole number of tokens");
}
