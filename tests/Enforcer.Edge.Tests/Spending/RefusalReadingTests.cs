using Enforcer.Client;
using Enforcer.Edge.Spending;
using Enforcer.Protocol.V1;
using Enforcer.Testing;

namespace Enforcer.Edge.Tests.Spending;

/// <summary>What a customer is told of a refusal: the fact, and amounts in the unit of his account.</summary>
public sealed class RefusalReadingTests
{
    [Theory]
    [InlineData("USD", Refusal.ExceedsSpendCap, "No money: The cap is short. $1.25 is missing.")]
    [InlineData("EUR", Refusal.ExceedsSpendCap, "No money: The cap is short. 1.25 EUR is missing.")]
    [InlineData("ACU", Refusal.ExceedsSpendCapInFlight, "Money in flight: the cap has room, but 2 ACU is held by calls that are running; retry in 1 s. 1.25 ACU is missing.")]
    [InlineData("EUR", Refusal.RequestRate, "The cap is short.")]
    public void Amounts_are_in_the_accounts_unit(string unit, Refusal refusal, string told)
    {
        var account = new KnownAccount(new AccountView { Account = "acme", Unit = unit }, new ManualClock());
        var detail = new RefusalDetail { Message = "The cap is short.", ShortBy = 1_250_000_000, InFlight = 2_000_000_000 };
        Assert.Equal(told, RefusalReading.Read("m1", new SessionOutcome { Refusal = refusal, Detail = detail }, account).Message);
    }
}
