namespace Enforcer.Access;

internal sealed class MemoryAccounts(Lock one) : IAccountDirectory
{
    private readonly List<AccountRecord> _byNumber = [];
    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountRecord> _byId = new(StringComparer.Ordinal);

    public ValueTask<AccountRecord?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byId.GetValueOrDefault(id));
    }

    public ValueTask<AccountRecord?> FindAsync(long number, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(Find(number));
    }

    public ValueTask<AccountRecord> CreateAsync(NewAccount account, CancellationToken cancellation)
    {
        lock (one)
        {
            if (!_byId.TryGetValue(account.Id, out var record))
                record = Add(account);
            return ValueTask.FromResult(record);
        }
    }

    public ValueTask<long> CreateManyAsync(IEnumerable<NewAccount> accounts, CancellationToken cancellation)
    {
        var made = 0L;
        foreach (var account in accounts)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (one)
            {
                if (_byId.ContainsKey(account.Id))
                    continue;
                Add(account);
                made++;
            }
        }

        return ValueTask.FromResult(made);
    }

    public ValueTask<IReadOnlyList<AccountRecord>> ListAsync(string after, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        lock (one)
        {
            if (_ids.Max is not { } last || string.CompareOrdinal(after, last) >= 0)
                return ValueTask.FromResult<IReadOnlyList<AccountRecord>>([]);
            var page = _ids.GetViewBetween(after, last).Where(id => id != after).Take(count);
            return ValueTask.FromResult<IReadOnlyList<AccountRecord>>(page.Select(id => _byId[id]).ToList());
        }
    }

    public ValueTask<long> CountAsync(CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult((long)_byNumber.Count);
    }

    /// <summary>Finds an account; the caller holds the lock.</summary>
    public AccountRecord? Find(long number) =>
        number >= 1 && number <= _byNumber.Count ? _byNumber[(int)(number - 1)] : null;

    private AccountRecord Add(NewAccount account)
    {
        var record = new AccountRecord(_byNumber.Count + 1, account.Id, account.Unit, account.CreatedAtMs);
        _byNumber.Add(record);
        _ids.Add(record.Id);
        _byId.Add(record.Id, record);
        return record;
    }
}
