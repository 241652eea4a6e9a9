namespace Enforcer.Access;

/// <summary>Who may do what: the one table.</summary>
public static class RoleTable
{
    private static readonly (Role Role, string Name, CredentialKind Kind, Permission Permissions)[] Rows =
    [
        (Role.Edge, "edge", CredentialKind.EdgeToken, Permission.UseEdge),
        (Role.Viewer, "viewer", CredentialKind.ViewerToken, Permission.Read),
        (Role.Operator, "operator", CredentialKind.OperatorToken, Permission.UseEdge | Permission.Read | Permission.Change),
        (Role.Admin, "admin", CredentialKind.AdminToken,
            Permission.UseEdge | Permission.Read | Permission.Change | Permission.ManageTokens),
    ];

    /// <summary>Whether a role has all of the permissions; an unknown role has none.</summary>
    public static bool Permits(Role role, Permission needed)
    {
        foreach (var row in Rows)
        {
            if (row.Role == role)
                return (row.Permissions & needed) == needed;
        }

        return false;
    }

    /// <summary>The kind of secret that a role's tokens have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such role.</exception>
    public static CredentialKind KindOf(Role role) => Row(role).Kind;

    /// <summary>The role's name in messages: <c>edge</c>, <c>viewer</c>, <c>operator</c>, <c>admin</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such role.</exception>
    public static string NameOf(Role role) => Row(role).Name;

    /// <summary>The roles that have all of the permissions, for a message: "operator or admin".</summary>
    public static string NamesOf(Permission needed)
    {
        var names = Rows.Where(row => (row.Permissions & needed) == needed).Select(row => row.Name);
        return string.Join(" or ", names);
    }

    private static (Role Role, string Name, CredentialKind Kind, Permission Permissions) Row(Role role)
    {
        foreach (var row in Rows)
        {
            if (row.Role == role)
                return row;
        }

        throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role.");
    }
}
