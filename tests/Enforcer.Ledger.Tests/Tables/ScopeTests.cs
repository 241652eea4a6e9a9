using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Scopes: a limit with a model pattern or a tag counts only the commands that it covers.</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("gpt-5.5", "gpt-5.5", true)]
    [InlineData("gpt-5.5", "gpt-5.5-mini", false)]
    [InlineData("gpt-5.5", "GPT-5.5", false)]
    [InlineData("gpt-5.5", null, false)]
    [InlineData("gpt-5.5*", "gpt-5.5", true)]
    [InlineData("gpt-5.5*", "gpt-5.5-mini", true)]
    [InlineData("gpt-5.5*", "gpt-5", false)]
    [InlineData("gpt-5.5*", "xgpt-5.5", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*", null, true)]
    public void A_model_pattern_covers_what_it_matches(string pattern, string? model, bool isCounted) => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Life, "$5", model: pattern)))
        .Reserve("$2", model: model).Answered(headroom: isCounted ? "$3" : "none").Expect(held: isCounted ? "$2" : "$0")
        .Commit("$1").Expect(committed: isCounted ? "$1" : "$0", held: "$0");

    [Theory]
    [InlineData("batch", "batch", true)]
    [InlineData("batch", "batches", false)]
    [InlineData("batch", "Batch", false)]
    [InlineData("batch", null, false)]
    public void A_tag_covers_what_carries_it(string tag, string? carried, bool isCounted) => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Life, "$5", tag: tag)))
        .Reserve("$2", tag: carried).Expect(held: isCounted ? "$2" : "$0");

    [Fact]
    public void Model_and_tag_must_both_fit() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Life, "$5", model: "gpt*", tag: "batch")))
        .Reserve("$1", "a", model: "gpt-5", tag: "batch").Reserve("$1", "b", model: "gpt-5").Reserve("$1", "c", tag: "batch")
        .Expect(held: "$1");

    [Fact]
    public void The_refusal_names_the_limit_in_words() => Account
        .With(limits: Limit.Spend(
            Limit.Cap(SpendWindow.Life, "$9"), Limit.Cap(SpendWindow.Month, "$1", model: "gpt-5.5*", tag: "batch", zone: "Europe/Berlin")))
        .Reserve("$2", model: "gpt-5.5", tag: "batch")
        .Refused(Refusal.ExceedsSpendCap, "month Europe/Berlin gpt-5.5* tag:batch", "$1")
        .Reserve("$2", model: "gpt-5").Expect(limit: "life", held: "$2");
}
