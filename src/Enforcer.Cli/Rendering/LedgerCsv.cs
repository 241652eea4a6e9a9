using System.Globalization;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>The ledger as CSV.</summary>
internal sealed class LedgerCsv(TextWriter output, string unit) : ILedgerWriter
{
    private static readonly string[] Columns =
    [
        "account", "seq", "at", "kind", "operation_id", "reservation_id", "unit", "held_change", "committed_change", "overrun",
        "amount", "headroom", "tokens", "final", "model", "tag", "provider", "cost", "usage", "estimated", "request_id", "price_pin", "actor", "reason",
    ];

    public void Begin() => Row(Columns);

    public void Write(LedgerEntry entry) => Row(
    [
        entry.Account,
        entry.Seq.ToString(CultureInfo.InvariantCulture),
        TimeText.Iso(entry.AtMs),
        EntryKindNames.Of(entry.Kind),
        IdText.Of(entry.OperationId),
        IdText.Of(entry.ReservationId),
        unit,
        MoneyText.Plain(entry.HeldChangeNanos),
        MoneyText.Plain(entry.CommittedChangeNanos),
        MoneyText.Plain(entry.OverrunNanos),
        MoneyText.Plain(entry.AmountNanos),
        entry.HasHeadroomNanos ? MoneyText.Plain(entry.HeadroomNanos) : "",
        entry.Tokens.ToString(CultureInfo.InvariantCulture),
        entry.Final ? "true" : "false",
        Harmless(UsageText.ModelOf(entry)),
        Harmless(entry.Tag),
        Harmless(entry.Priced?.Provider ?? ""),
        entry.Priced is null ? "" : MoneyText.Plain(entry.Priced.CostNanos),
        UsageText.Of(entry.Priced?.Usage),
        entry.Priced is { Estimated: true } ? "true" : "false",
        Harmless(entry.Priced?.Usage?.RequestId ?? ""),
        entry.Priced?.PricePin ?? "",
        Harmless(entry.Actor),
        Harmless(entry.Reason),
    ]);

    private static string Harmless(string text) => Csv.Harmless(text);

    private void Row(string[] cells) => Csv.Row(output, cells);
}
