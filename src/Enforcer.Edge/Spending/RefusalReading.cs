using Enforcer.Client;
using Enforcer.Edge.Protocols;
using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Spending;

/// <summary>Makes of a refusal what the customer is told: the fact, whether to try again and when, and how his rates stand.</summary>
internal sealed class RefusalReading(EnforcerClient client, TimeProvider clock)
{
    private static readonly TimeSpan WhenInFlight = TimeSpan.FromSeconds(1);

    public async ValueTask<Problem> ReadAsync(string key, SpendRefusal refusal)
    {
        var kind = KindOf(refusal.Reason);
        var problem = new Problem(kind, MessageOf(refusal, kind))
        {
            Field = kind == ProblemKind.UnknownModel ? "model" : null,
            RetryAfter = WaitOf(refusal, kind),
            ShouldRetry = kind is ProblemKind.MoneyInFlight or ProblemKind.RequestRate or ProblemKind.TokenRate or ProblemKind.Concurrency or ProblemKind.Unavailable,
        };
        return kind is ProblemKind.RequestRate or ProblemKind.TokenRate or ProblemKind.NoMoney or ProblemKind.MoneyInFlight
            ? problem with { Rates = await RatesOfAsync(key).ConfigureAwait(false) }
            : problem;
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

    private static string MessageOf(SpendRefusal refusal, ProblemKind kind) => kind switch
    {
        ProblemKind.NoMoney => $"No money: {refusal.Message} {Missing(refusal)}".TrimEnd(),
        ProblemKind.MoneyInFlight =>
            $"Money in flight: the cap has room, but {Money.Format(refusal.InFlight)} is held by calls that are running; retry in {WhenInFlight.TotalSeconds:0} s. {Missing(refusal)}".TrimEnd(),
        ProblemKind.Unauthenticated => "The key is not valid here. Check that it was copied whole and was not revoked.",
        ProblemKind.UnknownModel when refusal.Near.Count > 0 => $"{refusal.Message} Near names: {string.Join(", ", refusal.Near)}.",
        _ => refusal.Message.Length > 0 ? refusal.Message : refusal.Reason.ToString(),
    };

    private static string Missing(SpendRefusal refusal) => refusal.ShortBy > 0 ? $"{Money.Format(refusal.ShortBy)} is missing." : "";

    private static TimeSpan? WaitOf(SpendRefusal refusal, ProblemKind kind) =>
        refusal.RetryAfter ?? (kind is ProblemKind.MoneyInFlight or ProblemKind.Concurrency or ProblemKind.Unavailable ? WhenInFlight : null);

    /// <summary>The rates as they stand now; a refusal is told without them if they cannot be read.</summary>
    private async ValueTask<RateStanding?> RatesOfAsync(string key)
    {
        try
        {
            var account = (await client.GetAsync(key).ConfigureAwait(false)).Account;
            return new RateStanding(FiguresOf(account.Requests), FiguresOf(account.Tokens));
        }
        catch (EnforcerException)
        {
            return null;
        }
    }

    private RateFigures? FiguresOf(RateView? rate) => rate is null || rate.PerMinute == 0
        ? null
        : RateFigures.Of(rate.PerMinute, rate.Burst == 0 ? rate.PerMinute : rate.Burst, rate.Available, clock.GetUtcNow());
}
