using System.Collections.Concurrent;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger.Entries;

namespace Enforcer.Orleans;

/// <summary>What has changed on this node and was not published yet. Give the same one to the accounts' host and to the silo.</summary>
public sealed class ChangedAccounts : IAccountObserver
{
    /// <summary>More than so many operators' changes are not kept for publishing.</summary>
    private const int MostOperators = 65_536;

    private readonly ConcurrentDictionary<long, byte> _accounts = new();
    private readonly ConcurrentQueue<(OperatorChange Change, AppendTicket Ticket)> _operators = new();

    /// <inheritdoc/>
    public void Appended(long account, ReadOnlySpan<Entry> entries, AppendTicket ticket)
    {
        Add(account);
        foreach (ref readonly var entry in entries)
        {
            if (OperatorChange.IsOne(entry.Kind) && _operators.Count < MostOperators)
                _operators.Enqueue((new OperatorChange(account, entry.Seq, entry.Kind, entry.AtMs, entry.Actor, entry.Reason), ticket));
        }
    }

    /// <summary>The account is to be published.</summary>
    internal void Add(long account)
    {
        if (!_accounts.ContainsKey(account)) _accounts.TryAdd(account, 0);
    }

    /// <summary>Takes some of the accounts; one that changes from now on comes again.</summary>
    internal List<long> TakeAccounts(int most)
    {
        var taken = new List<long>();
        foreach (var (account, _) in _accounts)
        {
            if (taken.Count == most) break;
            if (_accounts.TryRemove(account, out var _)) taken.Add(account);
        }
        return taken;
    }

    /// <summary>Takes the oldest of the operators' changes.</summary>
    internal bool TryTakeOperator(out OperatorChange change, out AppendTicket ticket)
    {
        var isTaken = _operators.TryDequeue(out var one);
        (change, ticket) = one;
        return isTaken;
    }
}
