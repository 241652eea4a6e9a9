using System.Collections.Concurrent;
using Enforcer.Journal;

namespace Enforcer.Host;

/// <summary>Accounts that are being let go: until that is over, none of them is loaded.</summary>
internal sealed class DepartingAccounts(WorkPool work)
{
    private readonly ConcurrentDictionary<long, Leaving> _accounts = new();

    /// <summary>From now on the account is not loaded; false if somebody lets it go already.</summary>
    public bool TryAdd(long account) => _accounts.TryAdd(account, new Leaving());

    /// <summary>It is another node's now: loading it is refused, with that node's name. It is still not loaded until it is removed.</summary>
    public void SendOn(long account, string node, long epoch)
    {
        if (_accounts.TryGetValue(account, out var leaving)) leaving.SendOn(new Owner(node, epoch), work);
    }

    /// <summary>It may be loaded again, by whoever owns it now.</summary>
    public void Remove(long account)
    {
        if (_accounts.TryRemove(account, out var leaving)) leaving.End(work);
    }

    /// <summary>Completes when the account may be loaded.</summary>
    /// <exception cref="JournalElsewhereException">It has gone to another node.</exception>
    public Task WhenOverAsync(long account) =>
        !_accounts.IsEmpty && _accounts.TryGetValue(account, out var leaving) ? leaving.WhenOverAsync() : Task.CompletedTask;

    private sealed record Owner(string Node, long Epoch);

    /// <summary>One of them. Only the departure that it belongs to ends it.</summary>
    private sealed class Leaving
    {
        private readonly Signal _over = new();
        private Owner? _owner;

        public void SendOn(Owner owner, WorkPool work)
        {
            _owner = owner;
            _over.Tell(work);
        }

        public void End(WorkPool work)
        {
            if (_owner is null) _over.Tell(work);
        }

        public async Task WhenOverAsync()
        {
            await _over.Task.ConfigureAwait(false);
            if (_owner is { } owner) throw new JournalElsewhereException($"The account belongs to node {owner.Node}.") { Node = owner.Node, Epoch = owner.Epoch };
        }
    }
}
