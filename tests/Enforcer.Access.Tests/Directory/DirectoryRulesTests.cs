namespace Enforcer.Access.Tests;

public sealed class DirectoryRulesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("Az09._:-", true)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    [InlineData("a\0", false)]
    [InlineData("a'; DROP TABLE account; --", false)]
    public void Account_ids(string id, bool isValid)
    {
        Assert.Equal(isValid, DirectoryRules.IsAccountId(id));
        if (!isValid)
            Assert.Contains(DirectoryRules.AccountIdRule, Assert.Throws<ArgumentException>(() => new NewAccount(id, "USD", 0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("USD", true)]
    [InlineData("credits", true)]
    [InlineData("A-1_b", true)]
    [InlineData("", false)]
    [InlineData("US D", false)]
    [InlineData("ABCDEFGHIJKLMNOPQ", false)]
    public void Units(string unit, bool isValid)
    {
        Assert.Equal(isValid, DirectoryRules.IsUnit(unit));
        if (!isValid)
            Assert.Contains("unit: ", Assert.Throws<ArgumentException>(() => new NewAccount("a", unit, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels()
    {
        Assert.True(DirectoryRules.IsLabel(""));
        Assert.True(DirectoryRules.IsLabel(new string('ü', DirectoryRules.MaxLabelChars)));
        Assert.False(DirectoryRules.IsLabel(new string('x', DirectoryRules.MaxLabelChars + 1)));
        Assert.False(DirectoryRules.IsLabel("a\nb"));
    }

    [Fact]
    public void A_token_has_a_secret_of_its_role()
    {
        var edge = Credential.Create(CredentialKind.EdgeToken, new SeededSecrets(1));

        Assert.Throws<ArgumentException>(() => new NewToken("tok_1", edge, Role.Admin, "", 0));
    }

    [Fact]
    public void Names_sort_by_time()
    {
        var time = new ManualTime();
        var names = new NameMaker(time, new SeededSecrets(1));
        var made = new List<string>();
        for (var i = 0; i < 1_000; i++)
        {
            made.Add(names.Next("key_"));
            time.Move(TimeSpan.FromMilliseconds(1 + (i * i)));
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.All(made, name => Assert.Equal(26, name.Length));
    }
}
