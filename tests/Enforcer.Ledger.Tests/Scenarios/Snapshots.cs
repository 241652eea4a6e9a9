using System.Globalization;
using System.Text;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>A state as text, every part of it: two states are the same exactly if their texts are.</summary>
internal static class Snapshots
{
    public static string Text(AccountState state) => Text(AccountSnapshot.Of(state));

    public static string Text(AccountSnapshot snapshot)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{snapshot.Status} seq {snapshot.Seq} at {snapshot.LastAtMs} unit '{snapshot.Unit}'");
        text.AppendLine(CultureInfo.InvariantCulture, $"committed {snapshot.CommittedNanos}");
        text.AppendLine(Text(snapshot.Limits));
        text.AppendLine(CultureInfo.InvariantCulture, $"{snapshot.Requests} {snapshot.Tokens}");
        foreach (var counter in snapshot.Counters) text.AppendLine(counter.ToString());
        foreach (var reservation in snapshot.Reservations) text.AppendLine(reservation.ToString());
        foreach (var operation in snapshot.Operations) text.AppendLine(operation.ToString());
        text.AppendLine(CultureInfo.InvariantCulture, $"forgotten {snapshot.ForgottenAtMs}");
        foreach (var reservation in snapshot.Reservations) text.AppendLine(Text(reservation.Priced));
        text.AppendLine(CultureInfo.InvariantCulture, $"period {snapshot.CountsPeriod}: {string.Join("; ", snapshot.Counts)}");
        return text.ToString();
    }

    private static string Text(PricedCall? call) => call is null ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{call.Pin} {call.Provider} {call.Model} {string.Join(", ", call.Bound?.Pools ?? [])} used {call.Usage} {call.CostNanos} {call.AmountCostNanos} {call.PricedNanos} {string.Join(", ", call.Marks.ToArray())} {call.Period}");

    private static string Text(LimitSet limits) =>
        $"{string.Join("; ", limits.Spend)} | {limits.Requests} | {limits.Tokens} | {limits.Concurrency} | {limits.OnExpiry}";
}
