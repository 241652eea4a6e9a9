using System.Diagnostics.CodeAnalysis;
using System.Text;
using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Server.Edges.Wire;

namespace Enforcer.Server.Edges;

/// <summary>
/// From the name of an account, or a customer's key, to the account. Accounts never change their number, so what is found is
/// kept, up to a bound; keys are kept by <see cref="KeyCache"/>, which forgets them when they are revoked.
/// </summary>
internal sealed class AccountCatalog(IAccountDirectory accounts, KeyCache keys)
{
    private const int MaxAccounts = 128 * 1024;
    private readonly Utf8Table<AccountTarget> _byId = new(MaxAccounts, static target => target.Id);
    private readonly AccountTarget?[] _byNumber = new AccountTarget?[MaxAccounts];

    /// <summary>Finds an account that was found before.</summary>
    public bool TryFind(ReadOnlySpan<byte> id, [NotNullWhen(true)] out AccountTarget? target) => _byId.TryGet(id, out target);

    /// <summary>Finds an account that was found before.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out AccountTarget? target)
    {
        target = null;
        if (id.Length > DirectoryRules.MaxAccountIdChars) return false;
        Span<byte> utf8 = stackalloc byte[DirectoryRules.MaxAccountIdChars];
        return Encoding.UTF8.TryGetBytes(id, utf8, out var length) && _byId.TryGet(utf8[..length], out target);
    }

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
        if (TryFind(id, out var target)) return target;
        if (!DirectoryRules.IsAccountId(id) || await accounts.FindAsync(id, cancel).ConfigureAwait(false) is not { } record) return null;
        return Keep(record.Number, record.Id);
    }

    /// <summary>Finds an account by its number; null if there is none.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public async ValueTask<AccountTarget?> FindAsync(long number, CancellationToken cancel)
    {
        if (Known(number) is { } target) return target;
        return await accounts.FindAsync(number, cancel).ConfigureAwait(false) is { } record ? Keep(record.Number, record.Id) : null;
    }

    /// <summary>Finds what a key stands for; null if it is not in force.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public async ValueTask<AccountTarget?> FindKeyAsync(CredentialHash hash, CancellationToken cancel) =>
        await keys.FindAsync(hash, cancel).ConfigureAwait(false) is { } grant ? Of(grant) : null;

    private AccountTarget Keep(long number, string id)
    {
        var target = Known(number) ?? new AccountTarget(number, id);
        _byId.Set(target);
        Volatile.Write(ref PlaceOf(number), target);
        return target;
    }

    private AccountTarget Of(KeyGrant grant) => Known(grant.AccountNumber) ?? Keep(grant.AccountNumber, grant.Account);

    private AccountTarget? Known(long number) => Volatile.Read(ref PlaceOf(number)) is { } target && target.Number == number ? target : null;

    /// <summary>Numbers are given out one after the other, so the last digits alone spread them.</summary>
    private ref AccountTarget? PlaceOf(long number) => ref _byNumber[number & (MaxAccounts - 1)];
}
