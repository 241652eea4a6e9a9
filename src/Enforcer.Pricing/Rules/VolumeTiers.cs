using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>
/// Cheaper with volume, unit by unit: what was used in the period before a call decides where its units stand, and each step counts for
/// the units in it alone. (A discount that would reach back to units already sold could not be bounded, and is not offered.)
/// </summary>
public sealed record VolumeTiers : PriceRule
{
    private readonly Graduation _graduation;

    /// <summary>Volume tiers over a running count.</summary>
    /// <exception cref="Cards.RateCardException">The steps do not ascend from 0, or take off more than 100 %.</exception>
    public VolumeTiers(string counter, MeterGroup meters, IReadOnlyList<VolumeStep> steps)
    {
        Steps = steps;
        _graduation = new Graduation(counter, meters, steps.Select(Step));
    }

    /// <summary>The running count, as the account keeps it for the period.</summary>
    public string Counter => _graduation.Counter;

    /// <summary>What is counted and made cheaper.</summary>
    public MeterGroup Meters => _graduation.Meters;

    /// <summary>The steps, ascending from 0.</summary>
    public IReadOnlyList<VolumeStep> Steps { get; }

    /// <inheritdoc/>
    public override RunningCounter Counts => new(Counter, Meters);

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff.Map(
        (meter, charge) => Meters.Contains(meter) ? charge.By(_graduation) : charge);

    private static GraduationStep Step(VolumeStep step) => new(
        step.From,
        Ratio.Percent(100 - Within("volumeTiers.steps.percentOff", step.PercentOff, 0, 100)),
        $"volume from {step.From}: {PercentText(step.PercentOff)} off");
}
