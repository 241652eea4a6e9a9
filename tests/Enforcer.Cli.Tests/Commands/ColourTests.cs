using Enforcer.Cli.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class ColourTests
{
    [Theory]
    [InlineData(true, null, null, true)]
    [InlineData(false, null, null, false)]
    [InlineData(true, "1", null, false)]
    [InlineData(true, null, "dumb", false)]
    public async Task Colours_are_for_terminals_that_want_them(bool isTerminal, string? noColor, string? term, bool hasColours)
    {
        await using var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => Accounts.Acme());
        using var cli = Support.Cli.For(server, isTerminal);
        if (noColor is not null)
            cli.Variables["NO_COLOR"] = noColor;
        if (term is not null)
            cli.Variables["TERM"] = term;
        var show = (await cli.RunAsync("accounts", "show", "acme")).Succeeded();
        Assert.Equal(hasColours, show.Out.Contains('\e', StringComparison.Ordinal));
        var wrong = (await cli.RunAsync("accounts", "show")).FailedWith(2);
        Assert.Equal(hasColours, wrong.Error.Contains('\e', StringComparison.Ordinal));
    }
}
