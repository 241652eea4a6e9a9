using Enforcer.Access;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Server.Operators.Prices;

/// <summary>
/// One account's month, from its entries newest first. Entries that do not say their model wait for the entry that made their reservation, which may
/// lie before the month.
/// </summary>
internal sealed class AccountMonth(AccountRecord account, long fromMs, long toMs)
{
    private readonly Dictionary<(string Provider, string Model), StatementSums> _rows = [];
    private readonly Dictionary<OperationId, List<Entry>> _waiting = [];

    /// <summary>Adds the next older entry; false if no older one is needed.</summary>
    public bool Add(in Entry entry)
    {
        if (entry.AtMs >= toMs) return true;
        if (entry.AtMs < fromMs && _waiting.Count == 0) return false;
        if (entry.Kind == EntryKind.Reserved && _waiting.Remove(entry.ReservationId, out var waiting))
        {
            var row = RowOf(entry.Priced?.Provider ?? "", entry.Priced?.Model ?? entry.Model ?? "");
            foreach (var later in waiting) row.Add(later, isPriced: entry.Priced is not null);
        }
        if (entry.AtMs < fromMs || !StatementSums.Counts(entry)) return true;
        if (entry.Priced is { } priced) RowOf(priced.Provider, priced.Model).Add(entry, isPriced: true);
        else Wait(entry);
        return true;
    }

    /// <summary>A row for each provider and model.</summary>
    public IEnumerable<Protocol.V1.StatementRow> Rows()
    {
        foreach (var entries in _waiting.Values)
        {
            foreach (var entry in entries) RowOf("", "").Add(entry, isPriced: false);
        }
        _waiting.Clear();
        return _rows.OrderBy(row => row.Key.Provider, StringComparer.Ordinal).ThenBy(row => row.Key.Model, StringComparer.Ordinal)
            .Select(row => row.Value.ToRow(account, row.Key.Provider, row.Key.Model));
    }

    private void Wait(in Entry entry)
    {
        if (!_waiting.TryGetValue(entry.ReservationId, out var entries)) _waiting[entry.ReservationId] = entries = [];
        entries.Add(entry);
    }

    private StatementSums RowOf(string provider, string model)
    {
        if (!_rows.TryGetValue((provider, model), out var row)) _rows[(provider, model)] = row = new StatementSums();
        return row;
    }
}
