using System.Globalization;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>
/// The ledger as CSV (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front: models, tags and
/// reasons come from other people.
/// </summary>
internal sealed class LedgerCsv(TextWriter output, string unit) : ILedgerWriter
{
    private static readonly string[] Columns =
    [
        "account", "seq", "at", "kind", "operation_id", "reservation_id", "unit", "held_change", "committed_change", "overrun",
        "amount", "headroom", "tokens", "final", "model", "tag", "actor", "reason",
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
        Harmless(entry.Model),
        Harmless(entry.Tag),
        Harmless(entry.Actor),
        Harmless(entry.Reason),
    ]);

    private static string Harmless(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Row(string[] cells) => output.Write(string.Join(',', cells.Select(Quote)) + "\r\n");
}
