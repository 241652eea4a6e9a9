using System.Collections.Concurrent;

namespace Enforcer.Host;

/// <summary>Accounts that are being let go: until that is over, none of them is loaded.</summary>
internal sealed class DepartingAccounts
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _accounts = new();

    /// <summary>From now on the account is not loaded; false if somebody lets it go already.</summary>
    public bool TryAdd(long account) =>
        _accounts.TryAdd(account, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>It may be loaded again, by whoever owns it now.</summary>
    public void Remove(long account)
    {
        if (_accounts.TryRemove(account, out var over)) over.SetResult();
    }

    /// <summary>Completes when the account may be loaded.</summary>
    public Task WhenOverAsync(long account) =>
        !_accounts.IsEmpty && _accounts.TryGetValue(account, out var over) ? over.Task : Task.CompletedTask;
}
