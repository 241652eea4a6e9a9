using System.Net;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>A statement as a page to print: one file, nothing is loaded from elsewhere, every text is escaped.</summary>
internal static class StatementHtml
{
    private const string Style =
        """
        body { font: 10pt/1.4 system-ui, sans-serif; margin: 2cm; color: #111 }
        h1 { font-size: 16pt; margin: 0 } h2 { font-size: 12pt; margin: 1.5em 0 .3em }
        table { border-collapse: collapse; width: 100% } th, td { padding: .25em .5em; text-align: right; border-bottom: 1px solid #ccc; vertical-align: top }
        th { font-weight: 600; border-bottom: 2px solid #111 } th:first-child, td:first-child { text-align: left }
        td.usage { font-size: 8pt; text-align: left } tfoot td { font-weight: 600; border-bottom: 2px solid #111 } section { break-inside: avoid }
        @page { size: A4 landscape; margin: 1.5cm } @media print { body { margin: 0 } }
        """;

    /// <summary>Writes the page.</summary>
    public static void Write(TextWriter output, string month, IReadOnlyList<StatementRow> rows)
    {
        output.WriteLine($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Statement {Text(month)}</title><style>\n{Style}\n</style></head><body>");
        output.WriteLine($"<h1>Statement {Text(month)}</h1>\n<p>Calendar month in UTC. Price less cost is the margin; what was charged by amount has no known cost and is left out of it.</p>");
        foreach (var account in rows.GroupBy(row => row.Account, StringComparer.Ordinal))
            WriteAccount(output, account.Key, [.. account]);
        output.WriteLine(rows.Count == 0 ? "<p>Nothing was used.</p></body></html>" : "</body></html>");
    }

    private static void WriteAccount(TextWriter output, string account, IReadOnlyList<StatementRow> rows)
    {
        var totals = StatementTotals.Of(rows).Single();
        output.WriteLine($"<section><h2>{Text(account)}</h2><table>");
        output.WriteLine("<thead><tr><th>Model</th><th>Usage</th><th>Requests</th><th>Cached</th><th>Batch</th><th>Cost</th><th>Price</th><th>Margin</th></tr></thead><tbody>");
        foreach (var row in rows)
        {
            var model = row.Provider.Length == 0 ? row.Model : $"{row.Provider} {row.Model}";
            output.WriteLine(
                $"<tr><td>{Text(model.Length == 0 ? "no model" : model)}</td><td class=\"usage\">{Text(UsageText.Of(row.Usage))}</td><td>{LimitLines.Count(row.Requests)}</td>"
                + $"<td>{StatementTotals.Share(row.CachedTokens, row.PromptTokens)}</td><td>{StatementTotals.Share(row.BatchTokens, row.AllTokens)}</td>"
                + $"<td>{Money(row.CostNanos, row.Unit)}</td><td>{Money(row.PriceNanos, row.Unit)}</td><td>{Money(row.MarginNanos, row.Unit)}</td></tr>");
        }
        output.WriteLine(
            $"</tbody><tfoot><tr><td>Sum</td><td></td><td>{LimitLines.Count(totals.Requests)}</td><td></td><td></td><td>{Money(totals.CostNanos, totals.Unit)}</td>"
            + $"<td>{Money(totals.PriceNanos, totals.Unit)}</td><td>{Money(totals.MarginNanos, totals.Unit)}</td></tr></tfoot></table></section>");
    }

    private static string Money(long nanos, string unit) => Text(MoneyText.Format(nanos, unit));

    private static string Text(string text) => WebUtility.HtmlEncode(CleanText.Of(text));
}
