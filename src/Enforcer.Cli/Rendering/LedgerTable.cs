using System.Globalization;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>The ledger for people: fixed columns, so that lines appear as entries come.</summary>
internal sealed class LedgerTable(Terminal terminal, string unit) : ILedgerWriter
{
    public void Begin() => terminal.Line(terminal.Dress(Row("TIME", "SEQ", "KIND", "HELD", "COMMITTED", "HEADROOM", "WHAT"), Paint.Dim));

    public void Write(LedgerEntry entry)
    {
        var line = Row(
            TimeText.Of(entry.AtMs), entry.Seq.ToString(CultureInfo.InvariantCulture), EntryKindNames.Of(entry.Kind),
            Change(entry.HeldChangeNanos), Change(entry.CommittedChangeNanos),
            entry.HasHeadroomNanos ? MoneyText.Format(entry.HeadroomNanos, unit) : "", CleanText.Of(What(entry)));
        terminal.Line(terminal.Dress(line, PaintOf(entry)));
    }

    private static string Row(string time, string seq, string kind, string held, string committed, string headroom, string what) =>
        $"{time,-20}  {seq,9}  {kind,-11}  {held,14}  {committed,14}  {headroom,14}  {what}".TrimEnd();

    private static Paint PaintOf(LedgerEntry entry) => entry switch
    {
        { OverrunNanos: > 0 } => Paint.Red,
        { Kind: EntryKind.ReservationExpired or EntryKind.CommittedLate or EntryKind.CommitReversed } => Paint.Yellow,
        _ => Paint.Plain,
    };

    private string Change(long nanos) => nanos switch
    {
        0 => "",
        > 0 => "+" + MoneyText.Format(nanos, unit),
        _ => MoneyText.Format(nanos, unit),
    };

    private string What(LedgerEntry entry)
    {
        var parts = new List<string>();
        void Add(string name, string value)
        {
            if (value.Length > 0)
                parts.Add(name.Length == 0 ? value : $"{name} {value}");
        }

        Add("", entry.AmountNanos == 0 ? "" : MoneyText.Format(entry.AmountNanos, unit));
        Add("overrun", entry.OverrunNanos == 0 ? "" : MoneyText.Format(entry.OverrunNanos, unit));
        Add("", entry.Kind == EntryKind.ReservationCommitted && !entry.Final ? "partial" : "");
        Add("", UsageText.ModelOf(entry));
        Add("tag", entry.Tag);
        Add("tokens", entry.Tokens == 0 ? "" : LimitLines.Count(entry.Tokens));
        Add("", UsageText.Of(entry.Priced?.Usage));
        Add("cost", entry.Priced is { CostNanos: not 0 and var cost } ? MoneyText.Format(cost, unit) : "");
        Add("", entry.Priced is { Estimated: true } ? "estimated" : "");
        if (entry.Limits is { } limits)
            Add("", string.Join(", ", LimitLines.Of(limits, unit).Select(line => $"{line.Name} {line.Value}")));
        Add("by", entry.Actor);
        Add("", entry.Reason.Length == 0 ? "" : $"\"{entry.Reason}\"");
        Add("reservation", IdText.Of(entry.ReservationId));
        return string.Join("; ", parts);
    }
}
