using System.Text.Json;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;

namespace Enforcer.Cli.Rendering;

/// <summary>Tells what a Reserve and its Commit did.</summary>
internal sealed class TryTeller(Terminal terminal, string unit, bool isJson)
{
    private const string Reserve = "reserve";
    private const string Commit = "commit";
    private long _held;

    /// <summary>Tells the answer to the Reserve.</summary>
    public void Reserved(Reservation reservation, string what)
    {
        _held = reservation.HeldNanos;
        if (isJson)
            Json(Reserve, reservation.Id, reservation.Refusal, reservation.HeldNanos, 0, reservation.HeadroomNanos);
        else if (reservation.Refusal is { } refusal)
        {
            Refused($"Reserve {what}", refusal);
            terminal.Note($"Why, with values: enforcer explain {reservation.Id}");
        }
        else
        {
            var left = Headroom(reservation.HeadroomNanos);
            var seconds = TimeText.Length((long)(reservation.ExpiresAt - terminal.Clock.GetUtcNow()).TotalMilliseconds);
            Granted($"Reserve {what}", $"{Money(reservation.HeldNanos)} is held for this call{left}. Unsettled, it expires in {seconds}.");
        }
    }

    /// <summary>Tells the answer to the Commit.</summary>
    public void Committed(Reservation reservation, ReservationAnswer answer, string what)
    {
        if (isJson)
            Json(Commit, reservation.Id, answer.Refusal, answer.HeldNanos, answer.ChargedNanos, answer.HeadroomNanos);
        else if (answer.Refusal is { } refusal)
            Refused($"Commit  {what}", refusal);
        else
        {
            var overrun = answer.OverrunNanos == 0 ? "" : $", {Money(answer.OverrunNanos)} of it beyond every headroom (overrun)";
            var upstream = answer.CostNanos == 0 ? "" : $" and {Money(answer.CostNanos)} is its cost";
            Granted($"Commit  {what}", $"{Money(answer.ChargedNanos)} is charged{upstream}{overrun}{Rest(answer.ChargedNanos)}{Headroom(answer.HeadroomNanos)}.");
            terminal.Note($"The reservation is {reservation.Id}; the ledger knows it by this.");
        }
    }

    private string Rest(long charged) => charged.CompareTo(_held) switch
    {
        < 0 => "; the rest of the hold is free again",
        0 => ", all that was held",
        _ => $", {Money(charged - _held)} more than was held",
    };

    private string Headroom(long? nanos) => nanos is { } left ? $"; {Money(left)} is left" : "";

    private string Money(long nanos) => MoneyText.Format(nanos, unit);

    private void Granted(string what, string result) =>
        terminal.Line($"{what}  {terminal.Dress("granted", Paint.Green)}  {result}");

    private void Refused(string what, SpendRefusal refusal) =>
        terminal.Line($"{what}  {terminal.Dress("refused", Paint.Red)}  {RefusalText.Describe(refusal, unit)}");

    private void Json(string command, Guid reservation, SpendRefusal? refusal, long held, long charged, long? headroom)
    {
        var answer = new TryAnswer(
            command, reservation.ToString("D"), refusal is null ? null : RefusalText.WireName(refusal.Reason), refusal?.Message, held, charged, headroom);
        terminal.Line(JsonSerializer.Serialize(answer, TryJson.Default.TryAnswer));
    }
}
