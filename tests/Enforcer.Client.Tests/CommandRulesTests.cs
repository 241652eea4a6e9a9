namespace Enforcer.Client.Tests;

/// <summary>What is refused before anything is sent.</summary>
public sealed class CommandRulesTests
{
    private static readonly SessionCommand Reserve = new()
    {
        Kind = SessionCommandKind.Reserve,
        OperationId = Guid.NewGuid(),
        Account = "enf_live_x",
        AmountNanos = 10,
        Tokens = 10,
    };

    private static readonly SessionCommand Commit = Reserve with { Kind = SessionCommandKind.Commit, ReservationId = Guid.NewGuid() };

    public static TheoryData<SessionCommand, string> Broken => new()
    {
        { Reserve with { Account = default }, "Account is not set" },
        { Reserve with { OperationId = Guid.Empty }, "OperationId is empty" },
        { Reserve with { AmountNanos = 0 }, "AmountNanos is 0; it must be 1 to 9007199254740992" },
        { Reserve with { AmountNanos = -1 }, "AmountNanos is -1" },
        { Reserve with { AmountNanos = (1L << 53) + 1 }, "AmountNanos is 9007199254740993" },
        { Reserve with { AtLeastNanos = 11 }, "AtLeastNanos is 11; it must be 0 to 10" },
        { Reserve with { AtLeastTokens = 11 }, "AtLeastTokens is 11; it must be 0 to 10" },
        { Reserve with { Tokens = -1 }, "Tokens is -1" },
        { Reserve with { TtlMs = 86_400_001 }, "TtlMs is 86400001" },
        { Reserve with { Model = new string('é', 65) }, "Model has 130 bytes; it must have at most 128" },
        { Reserve with { Tag = new string('t', 65) }, "Tag has 65 bytes; it must have at most 64" },
        { Commit with { ReservationId = Guid.Empty }, "ReservationId is empty" },
        { Commit with { AmountNanos = -1 }, "AmountNanos is -1; it must be 0" },
        { Commit with { Kind = SessionCommandKind.Extend, AmountNanos = 0, Tokens = 0 }, "are all 0" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_named_with_its_value(SessionCommand command, string problem) =>
        Assert.Contains(problem, Assert.ThrowsAny<ArgumentException>(() => CommandRules.Check(command)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_bounds_themselves_are_allowed()
    {
        CommandRules.Check(Reserve with { AmountNanos = 1L << 53, AtLeastNanos = 1L << 53, TtlMs = 86_400_000, Model = new string('m', 128) });
        CommandRules.Check(Commit with { AmountNanos = 0, Tokens = 0 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("enf live")]
    [InlineData("enf_livé")]
    public void A_key_is_printable_ASCII(string key) => Assert.Throws<ArgumentException>(() => AccountReference.FromKey(key));

    [Fact]
    public void A_key_does_not_show_itself()
    {
        AccountReference reference = "enf_live_abcdefghijklmnop";
        Assert.Equal("key enf_live_abcd…", reference.ToString());
        Assert.Equal("acme", ((AccountReference)new AccountName("acme")).ToString());
    }
}
