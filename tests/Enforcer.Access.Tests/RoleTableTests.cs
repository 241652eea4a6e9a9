namespace Enforcer.Access.Tests;

public sealed class RoleTableTests
{
    [Theory]
    [InlineData(Role.Edge, true, false, false, false)]
    [InlineData(Role.Viewer, false, true, false, false)]
    [InlineData(Role.Operator, true, true, true, false)]
    [InlineData(Role.Admin, true, true, true, true)]
    [InlineData((Role)0, false, false, false, false)]
    [InlineData((Role)5, false, false, false, false)]
    public void Who_may_do_what(Role role, bool edge, bool read, bool change, bool tokens)
    {
        Assert.Equal(edge, RoleTable.Permits(role, Permission.UseEdge));
        Assert.Equal(read, RoleTable.Permits(role, Permission.Read));
        Assert.Equal(change, RoleTable.Permits(role, Permission.Change));
        Assert.Equal(tokens, RoleTable.Permits(role, Permission.ManageTokens));
        Assert.Equal(edge && read, RoleTable.Permits(role, Permission.UseEdge | Permission.Read));
    }

    [Theory]
    [InlineData(Permission.UseEdge, "edge or operator or admin")]
    [InlineData(Permission.Read, "viewer or operator or admin")]
    [InlineData(Permission.Change, "operator or admin")]
    [InlineData(Permission.ManageTokens, "admin")]
    public void A_message_names_the_roles_that_would_do(Permission needed, string names)
    {
        var identity = new Identity("tok_1", Role.Edge, "");

        Assert.Equal($"The token's role is edge; this needs {names}.", Authenticator.Forbidden(identity, needed));
    }
}
