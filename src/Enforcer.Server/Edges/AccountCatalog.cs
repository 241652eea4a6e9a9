using System.Diagnostics.CodeAnalysis;
using System.Text;
using Enforcer.Access;
using Enforcer.Server.Edges.Wire;

namespace Enforcer.Server.Edges;

/// <summary>
/// From the name of an account, or a customer's key, to the account. Accounts never change their number, so what is found is
/// kept, up to a bound; keys are kept by <see cref="KeyCache"/>, which forgets them when they are revoked.
/// </summary>
internal sealed class AccountCatalog(IAccountDirectory accounts, KeyCache keys)
{
    private const int MaxAccounts = 128 * 1024;
    private readonly Utf8Table<AccountTarget> _byId = new(MaxAccounts);
    private readonly Utf8Table<AccountTarget> _byNumber = new(MaxAccounts);

    /// <summary>Finds an account that was found before.</summary>
    public bool TryFind(ReadOnlySpan<byte> id, [NotNullWhen(true)] out AccountTarget? target) => _byId.TryGet(id, out target);

    /// <summary>Finds what a key stands for. True: it is known; the target is null if the key is not in force.</summary>
    public bool TryFindKey(in CredentialHash hash, out AccountTarget? target)
    {
        target = null;
        if (!keys.TryFind(hash, out var grant)) return false;
        if (grant is not null) target = Of(grant);
        return true;
    }

    /// <summary>Finds an account by its id; null if there is none.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public async ValueTask<AccountTarget?> FindAsync(string id, CancellationToken cancel)
    {
        var known = new byte[Encoding.UTF8.GetMaxByteCount(id.Length)];
        var length = Encoding.UTF8.GetBytes(id, known);
        if (_byId.TryGet(known.AsSpan(0, length), out var target)) return target;
        if (!DirectoryRules.IsAccountId(id) || await accounts.FindAsync(id, cancel).ConfigureAwait(false) is not { } record) return null;
        return Keep(record);
    }

    /// <summary>Finds an account by its number; null if there is none.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public async ValueTask<AccountTarget?> FindAsync(long number, CancellationToken cancel)
    {
        if (_byNumber.TryGet(BitConverter.GetBytes(number), out var target)) return target;
        return await accounts.FindAsync(number, cancel).ConfigureAwait(false) is { } record ? Keep(record) : null;
    }

    /// <summary>Finds what a key stands for; null if it is not in force.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public async ValueTask<AccountTarget?> FindKeyAsync(CredentialHash hash, CancellationToken cancel) =>
        await keys.FindAsync(hash, cancel).ConfigureAwait(false) is { } grant ? Of(grant) : null;

    private AccountTarget Keep(AccountRecord record)
    {
        var target = new AccountTarget(record.Number, record.Id);
        _byId.Set(Encoding.UTF8.GetBytes(record.Id), target);
        _byNumber.Set(BitConverter.GetBytes(record.Number), target);
        return target;
    }

    /// <summary>The target of a grant without making a new one each time.</summary>
    private AccountTarget Of(KeyGrant grant)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(number, grant.AccountNumber);
        if (_byNumber.TryGet(number, out var target)) return target;
        target = new AccountTarget(grant.AccountNumber, grant.Account);
        _byNumber.Set(number, target);
        return target;
    }
}
