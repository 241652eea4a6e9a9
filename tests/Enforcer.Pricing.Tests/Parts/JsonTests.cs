using System.Text;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Defaults;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;

namespace Enforcer.Pricing.Tests.Parts;

/// <summary>Files of cards and plans: what is written is read back alike, and what is not understood is an error that names it.</summary>
public sealed class JsonTests
{
    [Fact]
    public void Every_rule_is_written_and_read_back()
    {
        var plan = new PricePlan("all",
            new Markup(12.5m) { On = MeterGroup.Cached, Models = new ModelPattern("gpt-*") },
            new UnitMarkup(UsageMeter.Custom("custom.widget"), 0.000001m),
            new RequestFee(0.01m),
            new Discount(50) { On = MeterGroup.Of(UsageMeters.Input, UsageMeters.Output), Tier = ServiceTier.Batch },
            new OwnPriceList(DefaultRateCard.Read()),
            new CreditUnits("ACU", 0.03m),
            new Seat(20, "seat", MeterGroup.Prompt, 1_000_000),
            new VolumeTiers("month", MeterGroup.Completion, [new(0, 0), new(1_000, 10)]),
            new PerOutcome(0.99m),
            new BringYourOwnKey(5, 0.001m),
            new MarginFloor(20));
        var text = PricePlanJson.Write(plan);
        var again = PricePlanJson.Read(text);
        Assert.Equal(Encoding.UTF8.GetString(text), Encoding.UTF8.GetString(PricePlanJson.Write(again)));
        Assert.Equal(plan.Rules.Select(r => r.GetType()), again.Rules.Select(r => r.GetType()));
        Assert.Equal(AllRules.Order(StringComparer.Ordinal), plan.Rules.Select(r => r.GetType().Name).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> AllRules =>
        typeof(PriceRule).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PriceRule))).Select(t => t.Name);

    [Theory]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "markup" } ] }""", "plan.rules[0].percent is missing")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "markup", "percent": -1 } ] }""", "markup.percent is -1: give 0 to 100000")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "markup", "percent": "5" } ] }""", "plan.rules[0].percent is \"5\": give a number")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "markup", "percent": 5, "prcent": 6 } ] }""", "plan.rules[0].prcent is no field of this")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "gift" } ] }""", "plan.rules[0].rule is 'gift', which is no rule")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "discount", "percent": 101 } ] }""", "discount.percent is 101: give 0 to 100")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "discount", "percent": 1, "tier": "slow" } ] }""", "plan.rules[0].tier is 'slow'")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "discount", "percent": 1, "on": "smells" } ] }""", "plan.rules[0].on is 'smells'")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "creditUnits", "unit": "ACU", "worth": 0 } ] }""", "creditUnits.worth is 0")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "seat", "price": 1, "counter": "s", "meters": "everything", "included": 1 } ] }""", "meters of the counter s are everything")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "seat", "price": 1, "counter": "s", "meters": "prompt", "included": 0 } ] }""", "seat.included is 0")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "volumeTiers", "counter": "s", "meters": "prompt", "steps": [ { "from": 5, "percentOff": 1 } ] } ] }""", "steps of the counter s must begin at 0")]
    [InlineData("""{ "name": "p", "rules": [ { "rule": "requestFee", "fee": -0.1 } ] }""", "requestFee.fee is -0.1: give 0 or more")]
    [InlineData("""{ "rules": [] }""", "plan.name is missing")]
    [InlineData("nonsense", "The price plan is no JSON")]
    public void A_plan_that_is_not_understood(string json, string error) =>
        Assert.Contains(error, Assert.Throws<RateCardException>(() => PricePlanJson.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "meter": "inputs", "price": 1 }""", "card.models[0].rates[0].meter is 'inputs', which is no meter")]
    [InlineData("""{ "meter": "input", "price": 1, "per": 3 }""", "card.models[0].rates[0].per is 3: give 1, 10, 100")]
    [InlineData("""{ "meter": "input", "price": 1e-40 }""", "card.models[0].rates[0].price is 1e-40")]
    [InlineData("""{ "meter": "input", "price": 0.0000000000000000000000001, "per": 1000000 }""", "it has too many digits")]
    [InlineData("""{ "meter": "input", "price": -1 }""", "is below 0")]
    [InlineData("""{ "meter": "input", "price": 1, "abovePromptTokens": -1 }""", "above -1 prompt tokens")]
    [InlineData("""{ "meter": "input", "price": 1 }, { "meter": "input", "price": 2 }""", "stands twice")]
    [InlineData("""{ "meter": "input", "price": 1, "price": 2 }""", "card.models[0].rates[0].price stands twice")]
    [InlineData("""{ "meter": "input", "price": 1, "tier": "slow" }""", "card.models[0].rates[0].tier is 'slow'")]
    [InlineData("7", "card.models[0].rates[0] is no object")]
    public void A_card_that_is_not_understood(string rates, string error)
    {
        var json = $$"""{ "seller": "s", "unit": "USD", "models": [ { "provider": "p", "model": "m", "rates": [ {{rates}} ] } ] }""";
        Assert.Contains(error, Assert.Throws<RateCardException>(() => RateCardJson.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_card_is_written_and_read_back()
    {
        var card = DefaultRateCard.Read();
        Assert.Equal(card.ContentId, RateCardJson.Read(RateCardJson.Write(card)).ContentId);
        Assert.All(card.Models, model => Assert.NotNull(model.Source));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("prompt")]
    [InlineData("cached")]
    [InlineData("input,output,custom.widget")]
    public void A_group_of_meters_has_a_name(string name)
    {
        Assert.True(MeterGroup.TryParse(name, out var group));
        Assert.Equal(name, group.Name);
    }

    [Theory]
    [InlineData("custom.")]
    [InlineData("custom.UPPER")]
    [InlineData("widget")]
    [InlineData("")]
    public void A_unit_of_ones_own_has_a_plain_name(string name) => Assert.Throws<ArgumentException>(() => UsageMeter.Custom(name));

    [Fact]
    public void Usage_is_whole_disjoint_and_bounded()
    {
        var usage = Usage.Of((UsageMeters.Output, 5), (UsageMeters.Input, 7), (UsageMeters.InputCached, 0));
        Assert.Equal("input 7, output 5", usage.ToString());
        Assert.Equal((7, 0, 7), (usage[UsageMeters.Input], usage[UsageMeters.InputCached], usage.PromptTokens));
        Assert.Equal("input 14, output 10", usage.Plus(usage).ToString());
        Assert.Throws<ArgumentException>(() => Usage.Of((UsageMeters.Input, -1)));
        Assert.Throws<ArgumentException>(() => Usage.Of((UsageMeters.Input, Usage.MostPerMeter + 1)));
        Assert.Throws<ArgumentException>(() => Usage.Of((UsageMeters.Input, 1), (UsageMeters.Input, 1)));
    }
}
