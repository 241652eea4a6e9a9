namespace Enforcer.Access;

/// <summary>
/// Who exists and who may ask: accounts and their numbers, customers' keys, tokens, the audit trail. What accounts may
/// spend is not here but in the journal.
/// </summary>
/// <remarks>
/// Every change is durable before its call completes, and is seen by every call that begins afterwards. A call that
/// fails with <see cref="DirectoryException"/> changed nothing, unless
/// its message or <see cref="DirectoryException.MustEndProcess"/> says that this is not known. Implementations are safe for
/// concurrent use; they hold hashes of secrets and never see a secret.
/// </remarks>
public interface IDirectory : IDisposable
{
    /// <summary>Account ids and their numbers.</summary>
    IAccountDirectory Accounts { get; }

    /// <summary>Customers' keys.</summary>
    IKeyDirectory Keys { get; }

    /// <summary>Tokens of edges and operators.</summary>
    ITokenDirectory Tokens { get; }

    /// <summary>Price book versions, price plans, and which account has which.</summary>
    IPriceDirectory Prices { get; }

    /// <summary>Who changed what, and who was turned away.</summary>
    IAuditTrail Audit { get; }

    /// <summary>What other processes change; null if the directory belongs to this one alone.</summary>
    IDirectoryNews? News => null;
}
