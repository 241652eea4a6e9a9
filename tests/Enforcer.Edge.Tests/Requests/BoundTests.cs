using Enforcer.Edge.Tests.Support;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Tests.Requests;

/// <summary>The most that a call can use, read from its request.</summary>
public sealed class BoundTests
{
    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", 1_000, 10)]                                  // none named: the edge's own
    [InlineData("""{"model":"m","messages":[],"max_tokens":null}""", 1_000, 10)]                // null is none
    [InlineData("""{"model":"m","messages":[],"max_tokens":700}""", 700, 10)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":4}""", 4, 4)]                        // so little is all that is wanted
    [InlineData("""{"model":"m","messages":[],"max_tokens":1000000}""", 5_000, 10)]             // never more than the most
    [InlineData("""{"model":"m","messages":[],"max_tokens":700,"max_completion_tokens":90}""", 90, 10)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":100,"n":3}""", 300, 30)]
    public void Output_is_bounded_by_the_limits(string body, long most, long least)
    {
        var estimate = Calls.Read("chat", body).Estimate;
        Assert.Equal((most, least), (estimate.OutputTokens, estimate.LeastOutputTokens));
    }

    [Fact]
    public void What_an_answer_needs_besides_its_thinking_is_the_least()
    {
        var estimate = Calls.Read("messages", """{"model":"m","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[]}""").Estimate;
        Assert.Equal((4_000, 2_010), (estimate.OutputTokens, estimate.LeastOutputTokens));
    }

    [Fact]
    public void A_prompt_has_no_more_tokens_than_bytes_and_what_is_stated_on_top()
    {
        const string Body = """{"model":"m","messages":[{"role":"system","content":"é"},{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f"}}]}""";
        var overheads = TokenOverheads.Default;
        var bytes = System.Text.Encoding.UTF8.GetByteCount(Body);
        Assert.Equal(
            bytes + overheads.PerRequest + (2 * overheads.PerMessage) + overheads.FirstTool + overheads.PerTool,
            Calls.Read("chat", Body).Estimate.PromptTokens);
    }

    [Theory]
    [InlineData("chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,~"}}]}]}""")]
    [InlineData("responses", """{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,~"}]}]}""")]
    [InlineData("messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"~"}}]}]}""")]
    public void The_bytes_of_an_image_are_no_text(string operation, string body)
    {
        var small = Calls.Read(operation, body.Replace("~", "AAAA")).Estimate.PromptTokens;
        var large = Calls.Read(operation, body.Replace("~", new string('A', 400_000))).Estimate.PromptTokens;
        Assert.Equal(small, large);
        Assert.True(small > TokenOverheads.Default.PerImage);
    }

    [Theory]
    // Text that only looks like an image is text.
    [InlineData("chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"data:image/png;base64,~"}]}]}""")]
    [InlineData("chat", """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","image_url":{"url":"data:image/png;base64,~"}}]}""")]
    [InlineData("messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","data":"~"}}]}]}""")]
    [InlineData("messages", """{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"source":{"type":"base64","data":"~"}}}]}]}""")]
    public void Every_other_byte_counts(string operation, string body)
    {
        var text = new string('A', 10_000);
        Assert.True(Calls.Read(operation, body.Replace("~", text)).Estimate.PromptTokens > text.Length);
    }

    [Fact]
    public void Searches_are_a_pool_and_their_pages_part_of_the_prompt()
    {
        const string Body = """{"model":"m","max_tokens":9,"messages":[],"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":3}]}""";
        var estimate = Calls.Read("messages", Body, upstream => (upstream.WebSearches, upstream.TokensPerWebSearch) = (5, 10_000)).Estimate;
        var pool = Assert.Single(estimate.Pools);
        Assert.Equal((3, UsageMeters.WebSearch), (pool.Most, pool.Meters.Meters[0]));
        Assert.True(estimate.PromptTokens > 30_000);
    }

    [Theory]
    [InlineData("", "standard")]
    [InlineData(""" ,"service_tier":"default" """, "standard")]
    [InlineData(""" ,"service_tier":"flex" """, "flex,standard")]
    [InlineData(""" ,"service_tier":"priority" """, "priority,standard")]
    public void A_tier_may_be_billed_as_the_ordinary_one(string field, string terms) => Assert.Equal(
        terms,
        string.Join(',', Calls.Read("chat", $$"""{"model":"m","messages":[]{{field}}}""").Estimate.Terms.Select(each => each.ToString())));

    [Theory]
    [InlineData("", "input")]
    [InlineData(""" ,"system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}] """, "cache_write_5m")]
    [InlineData(""" ,"system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}] """, "cache_write_1h")]
    public void The_dearest_way_to_bill_the_prompt_is_known(string field, string meter) =>
        Assert.Equal(meter, Calls.Read("messages", $$"""{"model":"m","max_tokens":9,"messages":[]{{field}}}""").Estimate.PromptMeter.Name);
}
