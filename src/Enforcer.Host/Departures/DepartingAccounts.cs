using System.Collections.Concurrent;
using Enforcer.Journal;

namespace Enforcer.Host;

/// <summary>Accounts that are being let go: until that is over, none of them is loaded.</summary>
internal sealed class DepartingAccounts(WorkPool work)
{
    private readonly ConcurrentDictionary<long, Signal> _accounts = new();

    /// <summary>From now on the account is not loaded; false if somebody lets it go already.</summary>
    public bool TryAdd(long account) => _accounts.TryAdd(account, new Signal());

    /// <summary>It may be loaded again, by whoever owns it now.</summary>
    public void Remove(long account)
    {
        if (_accounts.TryRemove(account, out var over)) over.Tell(work);
    }

    /// <summary>Completes when the account may be loaded.</summary>
    public Task WhenOverAsync(long account) =>
        !_accounts.IsEmpty && _accounts.TryGetValue(account, out var over) ? over.Task : Task.CompletedTask;
}
