namespace Enforcer.Access;

/// <summary>A token to be stored.</summary>
public sealed record NewToken
{
    /// <summary>A token to be stored.</summary>
    /// <exception cref="ArgumentException">The secret is not of the role's kind, or the label breaks its rule.</exception>
    public NewToken(string tokenId, Credential credential, Role role, string label, long createdAtMs)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokenId);
        ArgumentNullException.ThrowIfNull(credential);
        DirectoryRules.RequireLabel(label);
        if (credential.Kind != RoleTable.KindOf(role))
            throw new ArgumentException($"A token of the role {RoleTable.NameOf(role)} cannot have a secret {credential}.");
        TokenId = tokenId;
        Hash = credential.Hash;
        ShownPrefix = credential.ShownPrefix;
        Role = role;
        Label = label;
        CreatedAtMs = createdAtMs;
    }

    /// <summary>See <see cref="TokenRecord.TokenId"/>.</summary>
    public string TokenId { get; }

    /// <summary>See <see cref="TokenRecord.Hash"/>.</summary>
    public CredentialHash Hash { get; }

    /// <summary>See <see cref="TokenRecord.ShownPrefix"/>.</summary>
    public string ShownPrefix { get; }

    /// <summary>See <see cref="TokenRecord.Role"/>.</summary>
    public Role Role { get; }

    /// <summary>See <see cref="TokenRecord.Label"/>.</summary>
    public string Label { get; }

    /// <summary>See <see cref="TokenRecord.CreatedAtMs"/>.</summary>
    public long CreatedAtMs { get; }
}
