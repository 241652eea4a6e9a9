namespace Enforcer.Access.Tests;

public sealed class AuthenticatorTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("Bearer {0}", true)]
    [InlineData("bearer {0}", true)]
    [InlineData("  Bearer   {0} ", true)]
    [InlineData("{0}", false)]
    [InlineData("Bearer{0}", false)]
    [InlineData("Basic {0}", false)]
    [InlineData("Bearer {0}x", false)]
    [InlineData("Bearer x{0}", false)]
    [InlineData("Bearer {0}, Bearer {0}", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task Who_asks_is_told_by_a_bearer_token(string? header, bool isKnown)
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var token = (await house.Tokens.CreateAsync(Role.Edge, "gateway 1", "t", None))!;
        var presented = header?.Replace("{0}", token.Credential.Reveal(), StringComparison.Ordinal);

        var identity = await house.Authenticator.AuthenticateAsync(presented, None);
        Assert.Equal(isKnown ? new Identity(token.Token.TokenId, Role.Edge, "gateway 1") : null, identity);
    }

    [Fact]
    public async Task A_customers_key_is_no_token()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));

        Assert.Null(await house.WhoAsync((await house.KeyAsync("a")).Credential));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_at_once()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var token = (await house.Tokens.CreateAsync(Role.Viewer, "", "t", None))!;
        Assert.NotNull(await house.WhoAsync(token.Credential));

        await house.Tokens.RevokeAsync(token.Token.TokenId, "t", None);
        Assert.Null(await house.WhoAsync(token.Credential));
    }

    [Fact]
    public async Task A_known_token_costs_no_allocation()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var header = "Bearer " + (await house.Tokens.CreateAsync(Role.Edge, "", "t", None))!.Credential.Reveal();
        var found = await house.Authenticator.AuthenticateAsync(header, None) is not null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            found &= await house.Authenticator.AuthenticateAsync(header, None) is not null;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(found);
    }
}
