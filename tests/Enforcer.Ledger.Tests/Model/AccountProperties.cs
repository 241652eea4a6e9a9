using Enforcer.Testing;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>The rules against the model: whatever is asked, in whatever order, at whatever time.</summary>
public sealed class AccountProperties
{
    [Fact]
    public void The_rules_and_the_model_agree_on_every_story() =>
        Properties.Holds(Steps.Stories, steps => new Story(Story.Rules).Tell(steps), runs: 600);
}
