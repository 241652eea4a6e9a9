using System.CommandLine;
using System.Globalization;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>statement</c>: what accounts used in a month, by model.</summary>
internal sealed class StatementCommand : OperatorCommand
{
    private readonly Option<string[]> _accounts = new("--account", "--wallet")
    {
        Description = "Only this account. May be repeated.",
        HelpName = "ACCOUNT",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _month = CliOption.Text("--month", "The month in UTC, such as 2026-11. [default: this month]", "MONTH");
    private readonly Option<bool> _csv = CliOption.Switch("--csv", "Writes CSV: amounts in the account's unit.");
    private readonly Option<bool> _html = CliOption.Switch("--html", "Writes a page to print.");

    public StatementCommand(Terminal terminal)
        : base(
            terminal, "statement", "Shows what accounts used in a month: requests, tokens, cost, price and margin by model.",
            "enforcer statement --month 2026-11",
            "enforcer statement --account acme --month 2026-11 --csv > acme.csv",
            "enforcer statement --account acme --html > acme.html")
    {
        Option[] all = [_accounts, _month, _csv, _html];
        foreach (var option in all)
            Add(option);
        CliOption.Rule(this, result =>
        {
            bool[] forms = [result.GetValue(_csv), result.GetValue(_html), result.GetValue<bool>("--json")];
            if (forms.Count(form => form) > 1)
                result.AddError("--csv, --html and --json: choose one.");
        });
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var month = parse.GetValue(_month) ?? Terminal.Clock.GetUtcNow().ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var request = new StatementRequest { Month = month };
        request.Accounts.AddRange(parse.GetRequiredValue(_accounts));
        var rows = new List<StatementRow>();
        await foreach (var row in server.StatementAsync(request, cancellationToken))
            rows.Add(row);
        if (WantsJson(parse))
            rows.ForEach(row => Terminal.Line(ProtoJson.Line(row)));
        else if (parse.GetValue(_csv))
            WriteCsv(rows);
        else if (parse.GetValue(_html))
            StatementHtml.Write(Terminal.Out, month, rows);
        else
            WriteTable(rows);
        return ExitCode.Ok;
    }

    private void WriteCsv(List<StatementRow> rows)
    {
        Csv.Row(
            Terminal.Out, "account", "provider", "model", "unit", "requests", "prompt_tokens", "cached_tokens", "output_tokens", "all_tokens", "batch_tokens",
            "usage", "cost", "price", "uncosted", "margin", "reversed", "estimated_requests");
        foreach (var row in rows)
        {
            Csv.Row(
                Terminal.Out, row.Account, Csv.Harmless(row.Provider), Csv.Harmless(row.Model), row.Unit, Number(row.Requests), Number(row.PromptTokens),
                Number(row.CachedTokens), Number(row.OutputTokens), Number(row.AllTokens), Number(row.BatchTokens),
                string.Join(' ', row.Usage.Select(item => $"{item.Meter}={Number(item.Quantity)}")), MoneyText.Plain(row.CostNanos), MoneyText.Plain(row.PriceNanos),
                MoneyText.Plain(row.UncostedNanos), MoneyText.Plain(row.MarginNanos), MoneyText.Plain(row.ReversedNanos), Number(row.EstimatedRequests));
        }
    }

    private void WriteTable(List<StatementRow> rows)
    {
        var table = new Table("ACCOUNT", "MODEL", "REQUESTS", "PROMPT", "CACHED", "OUTPUT", "BATCH", "COST", "PRICE", "MARGIN").Right(2, 3, 4, 5, 6, 7, 8, 9);
        foreach (var row in rows)
        {
            table.Add(
                row.Account, row.Model, LimitLines.Count(row.Requests), LimitLines.Count(row.PromptTokens), StatementTotals.Share(row.CachedTokens, row.PromptTokens),
                LimitLines.Count(row.OutputTokens), StatementTotals.Share(row.BatchTokens, row.AllTokens), MoneyText.Format(row.CostNanos, row.Unit),
                MoneyText.Format(row.PriceNanos, row.Unit), MoneyText.Format(row.MarginNanos, row.Unit));
        }
        foreach (var sum in StatementTotals.Of(rows))
        {
            table.Add(
                "sum", "", LimitLines.Count(sum.Requests), "", "", "", "", MoneyText.Format(sum.CostNanos, sum.Unit), MoneyText.Format(sum.PriceNanos, sum.Unit),
                MoneyText.Format(sum.MarginNanos, sum.Unit));
        }
        if (table.IsEmpty)
            Terminal.Note("Nothing was used.");
        else
            table.Write(Terminal);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
