using Enforcer.Access;
using Enforcer.Host;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>An account or key that must be looked up before its command can go on; the commands behind it wait, so order is kept.</summary>
internal sealed class AccountQuestion(string? id, CredentialHash key)
{
    /// <summary>The answer; null if there is no such account or key.</summary>
    public AccountTarget? Target { get; private set; }

    /// <summary>True if nobody could be asked.</summary>
    public bool IsUnavailable { get; private set; }

    public async ValueTask AnswerAsync(AccountCatalog accounts, CancellationToken cancel)
    {
        try
        {
            Target = id is null
                ? await accounts.FindKeyAsync(key, cancel).ConfigureAwait(false)
                : await accounts.FindAsync(id, cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
        {
            IsUnavailable = true;
        }
    }
}
