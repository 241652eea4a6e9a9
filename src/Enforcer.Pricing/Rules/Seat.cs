using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>
/// A seat with usage included: each <c>seats</c> costs so much for a period, and so many units of some meters are free in it; what goes
/// beyond is charged as the rules before say.
/// </summary>
public sealed record Seat : PriceRule
{
    private readonly Graduation _included;
    private readonly Charge _charge;

    /// <summary>A seat.</summary>
    /// <exception cref="RateCardException">The price is below 0, nothing is included, or the meters cannot be counted together.</exception>
    public Seat(decimal seatPrice, string counter, MeterGroup meters, long included)
    {
        if (included < 1) throw new RateCardException($"seat.included is {included}: give at least 1, or no seat.");
        (SeatPrice, Included) = (NotNegative("seat.price", seatPrice), included);
        _charge = new Charge(seatPrice, Ratio.One, "seat");
        _included = new Graduation(counter, meters,
        [
            new GraduationStep(0, Ratio.Zero, $"of {included} included"),
            new GraduationStep(included, Ratio.One, $"beyond {included} included"),
        ]);
    }

    /// <summary>What one seat costs for one period.</summary>
    public decimal SeatPrice { get; }

    /// <summary>How many units all seats of the account include in one period.</summary>
    public long Included { get; }

    /// <summary>The running count, as the account keeps it for the period.</summary>
    public string Counter => _included.Counter;

    /// <summary>What is included.</summary>
    public MeterGroup Meters => _included.Meters;

    /// <inheritdoc/>
    public override RunningCounter Counts => new(Counter, Meters);

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff
        .Map((meter, charge) => Meters.Contains(meter) ? charge.By(_included) : charge)
        .With(UsageMeters.Seats, _charge);
}
