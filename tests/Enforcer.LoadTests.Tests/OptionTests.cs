using Enforcer.LoadTests.Commands;

namespace Enforcer.LoadTests.Tests;

public sealed class OptionTests
{
    [Fact]
    public void A_server_that_runs_is_named_by_its_addresses()
    {
        var parsed = HammerCommand.Create().Parse(["--server", "http://127.0.0.1:7070", "--http", "http://127.0.0.1:7080", "--token", "t"]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(new Uri("http://127.0.0.1:7070"), parsed.GetValue(CommonOptions.Server));
        Assert.Equal(new Uri("http://127.0.0.1:7080"), parsed.GetValue(CommonOptions.Http));
    }

    [Fact]
    public void Without_one_there_is_no_address()
    {
        var parsed = HammerCommand.Create().Parse([]);
        Assert.Empty(parsed.Errors);
        Assert.Null(parsed.GetValue(CommonOptions.Server));
    }

    [Theory]
    [InlineData("127.0.0.1:7070")]
    [InlineData("ftp://127.0.0.1")]
    public void What_is_no_address_is_named(string text)
    {
        var error = Assert.Single(HammerCommand.Create().Parse(["--server", text]).Errors);
        Assert.Contains($"--server '{text}'", error.Message, StringComparison.Ordinal);
    }
}
