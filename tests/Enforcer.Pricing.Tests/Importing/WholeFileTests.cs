using System.Text.Json;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Importing;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;
using Enforcer.Pricing.Tests.Scenarios;

namespace Enforcer.Pricing.Tests.Importing;

/// <summary>LiteLLM's real file, which is not part of this repository.</summary>
[Trait("needs", "foreign")]
public sealed class WholeFileTests
{
    private static readonly Lazy<ImportReport> Report = new(() => LiteLlmImporter.Import(PriceFile.Read(), "upstream"));

    [Fact]
    public void Every_entry_is_imported_or_told_and_few_are_only_told()
    {
        var report = Report.Value;
        using var file = JsonDocument.Parse(PriceFile.Read());
        Assert.Equal(
            file.RootElement.EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal),
            report.Card.Models.Select(m => m.Model).Concat(report.Rejected.Select(r => r.Model)).Order(StringComparer.Ordinal));
        Assert.True(report.Card.Models.Count * 100 > report.Entries * 95, report.Summary);
        Assert.All(report.Rejected, r => Assert.NotEmpty(r.Problems));
    }

    [Fact]
    public void Nothing_but_known_forms_is_rejected() => Assert.Equal(
        ["(prices)", "input_cost_per_video_per_second_above_15s_interval", "rules", "sample", "tiered_pricing"],
        Report.Value.Rejected.Select(r => r.Model == "sample_spec" ? "sample" : r.Problems[0].Field).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_same_file_gives_the_same_card()
    {
        var again = LiteLlmImporter.Import(PriceFile.Read(), "upstream");
        Assert.Equal(Report.Value.Card.ContentId, again.Card.ContentId);
        Assert.Equal(Report.Value.Card.ContentId, RateCardJson.Read(RateCardJson.Write(again.Card)).ContentId);
    }

    /// <summary>The numbers as a second reader finds them in the text: each price of a token, digit by digit.</summary>
    [Fact]
    public void Prices_are_those_of_the_text()
    {
        using var file = JsonDocument.Parse(PriceFile.Read());
        var compared = 0;
        foreach (var model in Report.Value.Card.Models)
        {
            foreach (var (field, meter) in new[] { ("input_cost_per_token", UsageMeters.Input), ("output_cost_per_token", UsageMeters.Output) })
            {
                if (!file.RootElement.GetProperty(model.Model).TryGetProperty(field, out var price)) continue;
                var listed = model.Listed(meter, ServiceTier.Standard, 0);
                Assert.True(price.GetDecimal() == listed, $"{model.Model}: {price.GetRawText()} became {listed}");
                compared++;
            }
        }
        Assert.True(compared > 4_000);
    }

    [Fact]
    public void Every_model_can_be_offered_and_what_it_sells_is_within_its_bound()
    {
        var version = Shop.VersionOf(Report.Value.Card);
        var stack = new PriceStack(new PricePlan("wallet", new Markup(5), new RequestFee(0.0001m)));
        Assert.All(version.Card.Models, model =>
        {
            var offer = new Offer(version, model, stack);
            foreach (var prompt in new[] { 1_000, 150_000, 300_000, 900_000 })
            {
                var bound = offer.Bound(UsageBound.OfText(prompt, 1_000), CountRange.Unknown);
                var usage = Usage.Of((UsageMeters.Input, prompt / 2), (UsageMeters.InputCached, prompt - (prompt / 2)), (UsageMeters.Output, 1_000), (UsageMeters.Requests, 1));
                var sold = offer.Amounts(usage, CallTerms.Standard, RunningCounts.None);
                Assert.True(sold.PriceNanos <= bound.PriceNanos && sold.CostNanos <= bound.CostNanos, model.Model);
            }
        });
    }
}
