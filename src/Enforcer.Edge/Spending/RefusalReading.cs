using Enforcer.Client;
using Enforcer.Edge.Protocols;
using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Spending;

/// <summary>Makes of a refusal what the customer is told: the fact, whether to try again and when, and how his rates stand.</summary>
internal static class RefusalReading
{
    /// <summary>The same words for a key that never was and for one that is revoked.</summary>
    public const string UnknownKey = "The key is not valid here. Check that it was copied whole and was not revoked.";

    private static readonly TimeSpan WhenInFlight = TimeSpan.FromSeconds(1);

    /// <summary>Whether the account's rates are told with a refusal.</summary>
    public static bool TellsRates(Refusal refusal) =>
        KindOf(refusal) is ProblemKind.RequestRate or ProblemKind.TokenRate or ProblemKind.NoMoney or ProblemKind.MoneyInFlight;

    public static Problem Read(string model, SessionOutcome outcome, KnownAccount account)
    {
        var (kind, detail) = (KindOf(outcome.Refusal), outcome.Detail ?? new RefusalDetail());
        return new Problem(kind, MessageOf(outcome.Refusal, detail, kind, model, account.Unit))
        {
            Field = kind == ProblemKind.UnknownModel ? "model" : null,
            RetryAfter = WaitOf(detail, kind),
            ShouldRetry = kind is ProblemKind.MoneyInFlight or ProblemKind.RequestRate or ProblemKind.TokenRate or ProblemKind.Concurrency or ProblemKind.Unavailable,
            Rates = account.Standing(),
        };
    }

    private static ProblemKind KindOf(Refusal reason) => reason switch
    {
        Refusal.ExceedsSpendCap or Refusal.Overrun => ProblemKind.NoMoney,
        Refusal.ExceedsSpendCapInFlight => ProblemKind.MoneyInFlight,
        Refusal.RequestRate => ProblemKind.RequestRate,
        Refusal.TokenRate => ProblemKind.TokenRate,
        Refusal.Concurrency or Refusal.TooManyReservations => ProblemKind.Concurrency,
        Refusal.Suspended or Refusal.Closed or Refusal.BelowMarginFloor => ProblemKind.Forbidden,
        Refusal.UnknownAccount => ProblemKind.Unauthenticated,
        Refusal.Unpriced => ProblemKind.UnknownModel,
        _ => ProblemKind.Unavailable,
    };

    private static string MessageOf(Refusal refusal, RefusalDetail detail, ProblemKind kind, string model, string unit) => kind switch
    {
        ProblemKind.NoMoney => $"No money: {detail.Message} {Missing(detail, unit)}".TrimEnd(),
        ProblemKind.MoneyInFlight =>
            $"Money in flight: the cap has room, but {Money.Format(detail.InFlight, unit)} is held by calls that are running; retry in {WhenInFlight.TotalSeconds:0} s. {Missing(detail, unit)}".TrimEnd(),
        ProblemKind.Unauthenticated => UnknownKey,
        ProblemKind.UnknownModel => $"'{model}': {detail.Message}{(detail.Near.Count > 0 ? $" Near names: {string.Join(", ", detail.Near)}." : "")}",
        _ => detail.Message.Length > 0 ? detail.Message : refusal.ToString(),
    };

    private static string Missing(RefusalDetail detail, string unit) => detail.ShortBy > 0 ? $"{Money.Format(detail.ShortBy, unit)} is missing." : "";

    private static TimeSpan? WaitOf(RefusalDetail detail, ProblemKind kind)
    {
        // What is in flight comes back when its calls end, long before the reservations expire.
        if (kind is ProblemKind.MoneyInFlight or ProblemKind.Concurrency or ProblemKind.Unavailable)
            return WhenInFlight;
        return detail.RetryAfterMs > 0 ? TimeSpan.FromMilliseconds(detail.RetryAfterMs) : null;
    }
}
