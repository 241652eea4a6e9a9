namespace Enforcer.Access;

/// <summary>A cache of credentials, as whoever hears of changes sees it.</summary>
public interface ICredentialCache
{
    /// <summary>Forgets a hash whose credential was changed. Call it after the change is durable.</summary>
    ValueTask ForgetAsync(CredentialHash hash);

    /// <summary>Forgets everything: nobody can tell what was changed.</summary>
    ValueTask ForgetAllAsync();
}
