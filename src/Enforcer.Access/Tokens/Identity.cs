namespace Enforcer.Access;

/// <summary>Who asks: the holder of a token in force.</summary>
/// <param name="TokenId">The token's id: the actor in the journal and in the audit trail.</param>
/// <param name="Role">What the holder is.</param>
/// <param name="Label">The token's label, for people.</param>
public sealed record Identity(string TokenId, Role Role, string Label)
{
    /// <summary>Whether the holder's role has all of the permissions.</summary>
    public bool May(Permission needed) => RoleTable.Permits(Role, needed);
}
