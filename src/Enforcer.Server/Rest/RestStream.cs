using System.Globalization;
using Enforcer.Protocol.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Server.Rest;

/// <summary>
/// Streams over HTTP: a JSON array by default, JSON lines for <c>application/x-ndjson</c>, and for the ledger CSV for
/// <c>text/csv</c>. Each item leaves when it is there.
/// </summary>
internal static class RestStream
{
    private const string Csv = "text/csv";
    private const string Lines = "application/x-ndjson";

    private static readonly string[] Columns =
    [
        "account", "seq", "at_ms", "kind", "operation_id", "reservation_id", "held_change_nanos", "committed_change_nanos", "overrun_nanos",
        "tokens", "amount_nanos", "final", "model", "tag", "actor", "reason", "headroom_nanos",
    ];

    public static async Task WriteAsync(HttpContext context, IAsyncEnumerable<IMessage> items, bool isEndless)
    {
        var accept = context.Request.Headers.Accept.ToString();
        var format = accept.Contains(Csv, StringComparison.OrdinalIgnoreCase) ? Csv
            : isEndless || accept.Contains(Lines, StringComparison.OrdinalIgnoreCase) ? Lines
            : "application/json";
        // The first item is asked for before the status leaves: what is wrong with the request is still told as an error.
        await using var source = items.GetAsyncEnumerator(context.RequestAborted);
        var hasItem = await source.MoveNextAsync().ConfigureAwait(false);
        context.Response.ContentType = format;
        var separator = Begin(format);
        await context.Response.WriteAsync(separator.First, context.RequestAborted).ConfigureAwait(false);
        for (var isFirst = true; hasItem; isFirst = false)
        {
            if (!isFirst) await context.Response.WriteAsync(separator.Between, context.RequestAborted).ConfigureAwait(false);
            await context.Response.WriteAsync(format == Csv ? CsvRow(source.Current) : RestJson.Format(source.Current), context.RequestAborted).ConfigureAwait(false);
            if (isEndless) await context.Response.WriteAsync(separator.Last, context.RequestAborted).ConfigureAwait(false);
            hasItem = await source.MoveNextAsync().ConfigureAwait(false);
        }
        if (!isEndless) await context.Response.WriteAsync(separator.Last, context.RequestAborted).ConfigureAwait(false);
    }

    private static (string First, string Between, string Last) Begin(string format) => format switch
    {
        Csv => (string.Join(',', Columns) + "\r\n", "\r\n", "\r\n"),
        Lines => ("", "\n", "\n"),
        _ => ("[", ",\n", "]\n"),
    };

    private static string CsvRow(IMessage message)
    {
        if (message is not LedgerEntry) return RestJson.Format(message);
        using var document = System.Text.Json.JsonDocument.Parse(RestJson.Format(message));
        return string.Join(',', Columns.Select(column => Cell(document.RootElement, column)));
    }

    private static string Cell(System.Text.Json.JsonElement entry, string column)
    {
        if (!entry.TryGetProperty(column, out var value)) return "";
        var text = value.ToString() ?? "";
        // A cell that a spreadsheet would take for a formula is quoted as text (numbers with a sign are what they are).
        var isFormula = text.Length > 0 && "=+-@".Contains(text[0], StringComparison.Ordinal) && !long.TryParse(text, CultureInfo.InvariantCulture, out _);
        if (isFormula) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
