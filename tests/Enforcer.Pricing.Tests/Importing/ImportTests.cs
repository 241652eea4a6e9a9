using System.Text;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Importing;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tests.Importing;

/// <summary>Entries in the form of LiteLLM's file, with facts of our own making: each is imported whole, or rejected with what is not understood.</summary>
public sealed class ImportTests
{
    [Fact]
    public void Every_kind_of_price_becomes_a_rate() => Assert.Equal(
        [
            "input 0.000002", "input 0.000004 above 200000 prompt tokens",
            "input 0.000001 batch",
            "input 0.000001 flex",
            "input 0.0000035 priority", "input 0.000007 priority above 200000 prompt tokens",
            "input_cached 0.0000002",
            "cache_write_5m 0.0000025",
            "cache_write_1h 0.000004", "cache_write_1h 0.000008 above 200000 prompt tokens",
            "output 0.00001",
            "reasoning 0.000012",
            "web_search 0.01",
            "file_search 0.0025",
            "output_images 0.04",
            "input_video_seconds 0.000033333333333333335",
        ],
        Rates("""
            {
              "litellm_provider": "acme", "mode": "chat", "max_input_tokens": 200000.0, "max_tokens": 4096, "source": "made up",
              "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 0.000004, "input_cost_per_token_batches": 1e-06,
              "input_cost_per_token_flex": 1e-6, "input_cost_per_token_priority": 3.5e-06, "input_cost_per_token_above_200k_tokens_priority": 7e-06,
              "cache_read_input_token_cost": 2e-07, "input_cost_per_token_cache_hit": 0.0000002,
              "cache_creation_input_token_cost": 2.5e-06, "cache_creation_input_token_cost_above_1hr": 4e-06,
              "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 8e-06,
              "output_cost_per_token": 1e-05, "output_cost_per_reasoning_token": 1.2E-5, "file_search_cost_per_1k_calls": 2.5,
              "search_context_cost_per_query": { "search_context_size_low": 0.01, "search_context_size_medium": 0.01, "search_context_size_high": 0.01 },
              "output_cost_per_image": 0.04, "input_cost_per_video_per_second": 3.3333333333333335e-05,
              "supports_vision": true, "rpm": 60, "metadata": { "notes": "none" }, "deprecation_date": "2031-01-01"
            }
            """));

    [Fact]
    public void What_it_says_besides_prices_comes_along()
    {
        var model = Model("""{ "litellm_provider": "acme", "mode": "chat", "max_input_tokens": 8192.0, "max_tokens": 1024, "max_output_tokens": 0, "source": "s", "input_cost_per_token": 0 }""");
        Assert.Equal(("acme", "chat", 8_192L, 1_024L, "s"), (model.Provider, model.Mode, model.MaxInputTokens, model.MaxOutputTokens, model.Source));
    }

    [Fact]
    public void Tiers_of_prompts_join_up() => Assert.Equal(
        ["input 0.000001", "input 0.000002 above 32000 prompt tokens", "output 0.000004", "output 0.000008 above 32000 prompt tokens"],
        Rates("""
            {
              "litellm_provider": "acme", "tiered_pricing": [
                { "range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06 },
                { "range": [32000.0, 128000.0], "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06 } ]
            }
            """));

    [Fact]
    public void Factors_of_tiers_and_regions()
    {
        var model = Model("""
            {
              "litellm_provider": "acme", "input_cost_per_token": 1e-06, "regional_processing_uplift_multiplier_eu": 1.1,
              "provider_specific_entry": { "us": 1.05, "fast": 6.0, "bedrock_invocation_schema": "v2" }
            }
            """);
        Assert.Equal(Ratio.Of(6, 1), model.TierMultipliers[ServiceTier.Fast]);
        Assert.Equal((Ratio.Of(11, 10), Ratio.Of(21, 20)), (model.RegionMultipliers["eu"], model.RegionMultipliers["us"]));
    }

    [Theory]
    [InlineData("acme", "", new[] { "web_search 0.02", "web_search_low 0.01", "web_search_high 0.03" })]
    [InlineData("gemini", """, "web_search_billing_unit": "per_query" """, new[] { "web_search 0.02", "web_search_low 0.01", "web_search_high 0.03", "grounded_prompt 0" })]
    public void Searches_by_size(string provider, string unit, string[] rates) => Assert.Equal(rates, Rates($$"""
        {
          "litellm_provider": "{{provider}}"{{unit}}, "search_context_cost_per_query":
            { "search_context_size_low": 0.01, "search_context_size_medium": 0.02, "search_context_size_high": 0.03 }
        }
        """));

    [Fact]
    public void Google_bills_prompts_that_searched_unless_it_says_queries() => Assert.Equal(
        ["web_search 0", "grounded_prompt 0.035"],
        Rates("""{ "litellm_provider": "gemini", "search_context_cost_per_query": { "search_context_size_medium": 0.035 } }"""));

    [Theory]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1e-06, "input_cost_per_smell": 1 }""", "input_cost_per_smell: is not known")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token_above_9s_interval": 1 }""", "input_cost_per_token_above_9s_interval: is not known")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": "free" }""", "input_cost_per_token: is \"free\", which is no exact decimal number")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1e-30 }""", "input_cost_per_token: is 1e-30, which is no exact decimal number")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": -1 }""", "input_cost_per_token: is -1, below 0")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "input_cost_per_token": 2 }""", "input_cost_per_token: stands twice")]
    [InlineData("""{ "litellm_provider": "acme", "cache_read_input_token_cost": 1, "input_cost_per_token_cache_hit": 2 }""", "input_cost_per_token_cache_hit: says 2, and another field of the same meaning says 1")]
    [InlineData("""{ "litellm_provider": "acme", "mode": "chat" }""", "(prices): there is no field with a price")]
    [InlineData("""{ "input_cost_per_token": 1 }""", "litellm_provider: is missing")]
    [InlineData("""{ "litellm_provider": 7, "input_cost_per_token": 1 }""", "litellm_provider: is 7, which is no text; litellm_provider: is missing")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "max_tokens": "many" }""", "max_tokens: is \"many\", which is no number of tokens")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "max_tokens": 1.5 }""", "max_tokens: is 1.5, which is no number of tokens")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "supports_vision": "yes" }""", "supports_vision: is \"yes\", neither true nor false")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "provider_specific_entry": { "moon": 2 } }""", "provider_specific_entry.moon: is not known")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "regional_processing_uplift_multiplier_eu": 0 }""", "regional_processing_uplift_multiplier_eu: is 0, which is no factor above 0")]
    [InlineData("""{ "litellm_provider": "acme", "input_cost_per_token": 1, "web_search_billing_unit": "per_query" }""", "web_search_billing_unit: stands without search_context_cost_per_query")]
    [InlineData("""{ "litellm_provider": "acme", "search_context_cost_per_query": { "search_context_size_low": 1 } }""", "search_context_cost_per_query.search_context_size_medium: is missing")]
    [InlineData("""{ "litellm_provider": "acme", "tiered_pricing": [ { "range": [10, 20], "input_cost_per_token": 1 } ] }""", "tiered_pricing.range: is [10, 20], which does not join up with 0")]
    [InlineData("""{ "litellm_provider": "acme", "tiered_pricing": [ { "max_results_range": [0, 25], "input_cost_per_query": 1 } ] }""", "tiered_pricing: has a tier without a range of tokens (it has max_results_range, input_cost_per_query)")]
    [InlineData("[]", "(entry): is no object")]
    public void What_is_not_understood_is_told_by_name(string entry, string problems)
    {
        var report = Import($$"""{ "odd": {{entry}}, "good": { "litellm_provider": "acme", "input_cost_per_token": 1 } }""");
        Assert.Equal($"odd: {problems}", Assert.Single(report.Rejected).ToString());
        Assert.Equal("good", Assert.Single(report.Card.Models).Model);
        Assert.Equal("2 entries: 1 imported whole (50.0 %), 1 rejected.", report.Summary);
    }

    [Fact]
    public void An_entry_that_stands_twice_is_told()
    {
        var report = Import("""{ "a": { "litellm_provider": "x", "input_cost_per_token": 1 }, "a": { "litellm_provider": "x", "input_cost_per_token": 2 } }""");
        Assert.Equal(["a: (entry): stands twice"], report.Rejected.Select(r => r.ToString()));
        Assert.Equal(1, report.Card.Find("a")!.Listed(UsageMeters.Input, ServiceTier.Standard, 0));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("[]")]
    [InlineData("{ \"a\": ")]
    public void A_file_of_another_kind_is_an_error(string text) => Assert.Throws<RateCardException>(() => Import(text));

    [Fact]
    public void An_imported_card_is_written_and_read_back_whole()
    {
        var card = Import("""
            { "a": { "litellm_provider": "x", "input_cost_per_token": 3.3333333333333335e-05, "output_cost_per_token_priority": 1,
                     "provider_specific_entry": { "fast": 2.5 }, "regional_processing_uplift_multiplier_eu": 1.1, "max_tokens": 5 } }
            """).Card;
        var again = RateCardJson.Read(RateCardJson.Write(card));
        Assert.Equal(card.ContentId, again.ContentId);
        Assert.Equal(card.Models[0].Rates, again.Models[0].Rates);
    }

    private static ImportReport Import(string json) => LiteLlmImporter.Import(Encoding.UTF8.GetBytes(json), "upstream");

    private static ModelRates Model(string entry)
    {
        var report = Import($$"""{ "m": {{entry}} }""");
        Assert.Empty(report.Rejected);
        return Assert.Single(report.Card.Models);
    }

    private static string[] Rates(string entry) => [.. Model(entry).Rates.Select(r => r.ToString())];
}
