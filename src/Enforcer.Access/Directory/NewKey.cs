namespace Enforcer.Access;

/// <summary>A key to be stored.</summary>
public sealed record NewKey
{
    /// <summary>A key to be stored.</summary>
    /// <exception cref="ArgumentException">The label is too long or holds control characters.</exception>
    public NewKey(string keyId, Credential credential, long accountNumber, string label, long createdAtMs)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        ArgumentNullException.ThrowIfNull(credential);
        DirectoryRules.RequireLabel(label);
        KeyId = keyId;
        Hash = credential.Hash;
        ShownPrefix = credential.ShownPrefix;
        AccountNumber = accountNumber;
        Label = label;
        CreatedAtMs = createdAtMs;
    }

    /// <summary>See <see cref="KeyRecord.KeyId"/>.</summary>
    public string KeyId { get; }

    /// <summary>See <see cref="KeyRecord.Hash"/>.</summary>
    public CredentialHash Hash { get; }

    /// <summary>See <see cref="KeyRecord.ShownPrefix"/>.</summary>
    public string ShownPrefix { get; }

    /// <summary>See <see cref="KeyRecord.AccountNumber"/>.</summary>
    public long AccountNumber { get; }

    /// <summary>See <see cref="KeyRecord.Label"/>.</summary>
    public string Label { get; }

    /// <summary>See <see cref="KeyRecord.CreatedAtMs"/>.</summary>
    public long CreatedAtMs { get; }
}
