using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Makes up price rules: any rule, in any order, in up to three plans.</summary>
internal static class Rules
{
    public static Gen<PriceStack> Stack(string unit) =>
        from plans in Gen.Choose(0, 3).SelectMany(n => Gen.ArrayOf(Gen.Choose(0, 3).SelectMany(m => Gen.ArrayOf(One(unit), m)), n))
        select new PriceStack(plans.Select((rules, i) => new PricePlan($"plan {i}", rules)));

    private static Gen<decimal> Percent => Gen.Elements(0m, 5m, 10m, 12.5m, 50m, 33m, 100m);

    private static Gen<MeterGroup> Group => Gen.Elements(MeterGroup.Prompt, MeterGroup.Completion, MeterGroup.Cached, MeterGroup.Of(UsageMeters.Input), MeterGroup.Of(UsageMeters.Input, UsageMeters.Output));

    private static Gen<PriceRule> One(string unit) => Gen.Frequency(
        (4, from percent in Percent from meters in On select (PriceRule)new Markup(percent) { On = meters }),
        (2, from price in Cases.UnitPrice from meter in Gen.Elements(UsageMeters.Input, UsageMeters.Output, UsageMeters.WebSearch) select (PriceRule)new UnitMarkup(meter, price)),
        (2, from fee in Cases.UnitPrice select (PriceRule)new RequestFee(fee)),
        (3, from percent in Percent from meters in On from tier in Gen.Elements<ServiceTier?>(null, ServiceTier.Batch) select (PriceRule)new Discount(percent) { On = meters, Tier = tier }),
        (1, from model in Cases.Model select (PriceRule)new OwnPriceList(new RateCard("own", unit, [model]))),
        (1, from outcome in Cases.UnitPrice select (PriceRule)new PerOutcome(outcome)),
        (1, from percent in Percent from fee in Cases.UnitPrice select (PriceRule)new BringYourOwnKey(percent, fee)),
        (1, from worth in Gen.Elements(0.05m, 0.03m, 1m, 7m) select (PriceRule)new CreditUnits(unit, worth)),
        (3, from price in Cases.UnitPrice from counter in Counter from meters in Group from included in Gen.Choose(1, 4_000) select (PriceRule)new Seat(price, counter, meters, included)),
        (3, from counter in Counter from meters in Group from steps in Steps select (PriceRule)new VolumeTiers(counter, meters, steps)),
        (1, Gen.Constant((PriceRule)new Markup(900) { Models = new ModelPattern("another*") })));

    private static Gen<MeterGroup> On => Gen.OneOf(Gen.Constant(MeterGroup.Everything), Group);

    private static Gen<string> Counter => Gen.Elements(Cases.Counters);

    /// <summary>Up or down: a step may also be dearer than the one before.</summary>
    private static Gen<VolumeStep[]> Steps =>
        from gaps in Gen.ArrayOf(Gen.Choose(1, 3_000), 2)
        from percents in Gen.ArrayOf(Percent, 3)
        select new[] { new VolumeStep(0, percents[0]), new VolumeStep(gaps[0], percents[1]), new VolumeStep(gaps[0] + gaps[1], percents[2]) };
}
