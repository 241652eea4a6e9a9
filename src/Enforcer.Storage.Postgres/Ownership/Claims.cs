using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Makes accounts this node's that nobody owns, or whose owner was replaced. Whoever comes while a claim is under way waits for the next one, which claims
/// for all who came: a single account is asked for at once, and a hundred thousand that are touched at the same time take some hundred statements, not a
/// transaction each.
/// </summary>
/// <remarks>
/// What it says of an account holds at one moment: head and owner are read by the same statement that finds this node not replaced, or come from the
/// statement that made the account this node's, which holds this node's row, and the one that was replaced, so that neither can change meanwhile. Epochs
/// only rise. Accounts are locked in the order of their numbers, so that two nodes that claim the same ones never wait for each other in a circle.
/// </remarks>
internal sealed class Claims(Database database, string node, Func<NodeClaim> claim)
{
    private const int MostAtOnce = 1_024;

    /// <summary>So many statements at the same time: one is on its way while the other one's answers are read.</summary>
    private const int MostUnderWay = 2;

    private const string Mine = "WITH mine AS (SELECT node FROM nodes WHERE node = $1 AND session = $2 FOR SHARE)";

    private const string Find =
        "SELECT " + HeadRow.Columns + ", w.account, n.node, n.name, n.state FROM unnest($3::bigint[]) AS w(account) " +
        "LEFT JOIN heads h ON h.account = w.account LEFT JOIN nodes n ON n.node = h.node WHERE EXISTS(SELECT 1 FROM nodes m WHERE m.node = $1 AND m.session = $2)";

    private const string Make = Mine +
        " INSERT INTO heads SELECT a, mine.node, 1, 0, 0, 0, 0, 0, 0, NULL, '' FROM mine, unnest($3::bigint[]) AS a ORDER BY a ON CONFLICT DO NOTHING RETURNING account";

    private const string Inherit = Mine +
        ", gone AS (SELECT node FROM nodes WHERE name = $4 AND state = 3 FOR SHARE)" +
        ", locked AS (SELECT h.account FROM gone, heads h WHERE h.account = ANY($3) AND h.node = gone.node ORDER BY h.account FOR NO KEY UPDATE OF h) " +
        "UPDATE heads h SET node = mine.node, epoch = h.epoch + 1 FROM mine, gone, locked WHERE h.account = locked.account AND h.node = gone.node RETURNING ";

    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<ClaimedAccount>> _waiting = [];
    private int _underWay;

    /// <summary>Claims an account; answers who owns it now.</summary>
    /// <exception cref="JournalFencedException">This node was replaced itself.</exception>
    /// <exception cref="JournalUnavailableException">The server does not answer; the account may or may not be this node's: claim it again.</exception>
    public Task<ClaimedAccount> ClaimAsync(long account, CancellationToken cancellation)
    {
        TaskCompletionSource<ClaimedAccount>? waiting;
        var isFirst = false;
        lock (_gate)
        {
            if (!_waiting.TryGetValue(account, out waiting))
                _waiting.Add(account, waiting = new TaskCompletionSource<ClaimedAccount>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_underWay < MostUnderWay)
            {
                _underWay++;
                isFirst = true;
            }
        }
        if (isFirst) _ = WorkAsync();
        return waiting.Task.WaitAsync(cancellation);
    }

    /// <summary>Makes accounts of a replaced node this one's; those that are not its any more are passed over.</summary>
    public Task InheritAsync(string from, long[] accounts, CancellationToken cancellation)
    {
        var mine = claim();
        return ChangeAsync(Inherit + "h.account", static row => row.GetInt64(0), cancellation, mine.Node, mine.Session, accounts, from);
    }

    private async Task WorkAsync()
    {
        while (Take() is { Count: > 0 } some)
        {
            try
            {
                var claimed = await ClaimAsync([.. some.Keys.Order()]).ConfigureAwait(false);
                foreach (var (account, waiting) in some) waiting.SetResult(claimed[account]);
            }
#pragma warning disable CA1031 // Whatever it was, everybody who waits is told.
            catch (Exception error)
#pragma warning restore CA1031
            {
                foreach (var waiting in some.Values) waiting.TrySetException(error);
            }
        }
    }

    /// <summary>Those who wait, as many as one statement takes; none, and this claim is not under way any more, if there are none.</summary>
    private Dictionary<long, TaskCompletionSource<ClaimedAccount>> Take()
    {
        lock (_gate)
        {
            var some = _waiting.Take(MostAtOnce).ToDictionary();
            foreach (var account in some.Keys) _waiting.Remove(account);
            if (some.Count == 0) _underWay--;
            return some;
        }
    }

    private async Task<Dictionary<long, ClaimedAccount>> ClaimAsync(long[] accounts)
    {
        var claimed = new Dictionary<long, ClaimedAccount>(accounts.Length);
        while (claimed.Count < accounts.Length)
        {
            var mine = claim();
            var found = await database.AllAsync(Find, Found, default, mine.Node, mine.Session, accounts.Where(account => !claimed.ContainsKey(account)).ToArray())
                .ConfigureAwait(false);
            if (found.Count == 0) throw StreamEnd.Fenced(database.Name, "");
            foreach (var one in found)
            {
                if (one.Node == mine.Node) Add(claimed, one.Head!);
                else if (one.Head is { } head && one.State != NodeState.Replaced)
                    claimed.Add(one.Account, new ClaimedAccount(new AccountOwner(one.Account, one.Name, head.Epoch, one.State, IsMine: false), null));
            }
            // Another node may come first; then they are looked for again.
            var isFree = found.ToLookup(static one => one.Head is null);
            await MakeAsync(mine, claimed, [.. isFree[true].Select(static one => one.Account)]).ConfigureAwait(false);
            foreach (var gone in isFree[false].Where(one => !claimed.ContainsKey(one.Account)).GroupBy(static one => one.Name))
                await InheritAsync(mine, claimed, gone.Key, [.. gone.Select(static one => one.Account)]).ConfigureAwait(false);
        }
        return claimed;
    }

    private async Task MakeAsync(NodeClaim mine, Dictionary<long, ClaimedAccount> claimed, long[] accounts)
    {
        if (accounts.Length == 0) return;
        foreach (var made in await ChangeAsync(Make, static row => HeadRow.New(row.GetInt64(0)), default, mine.Node, mine.Session, accounts).ConfigureAwait(false))
            Add(claimed, made);
    }

    private async Task InheritAsync(NodeClaim mine, Dictionary<long, ClaimedAccount> claimed, string from, long[] accounts)
    {
        foreach (var inherited in await ChangeAsync(Inherit + HeadRow.Columns, HeadRow.Read, default, mine.Node, mine.Session, accounts, from).ConfigureAwait(false))
            Add(claimed, inherited);
    }

    private void Add(Dictionary<long, ClaimedAccount> claimed, AccountHead head) =>
        claimed.Add(head.Account, new ClaimedAccount(new AccountOwner(head.Account, node, head.Epoch, NodeState.Living, IsMine: true), head));

    /// <summary>Runs a statement that does no harm when it is run again; completes when what it changed is committed.</summary>
    private Task<List<T>> ChangeAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] values) => database.ReadAsync(
        sql,
        async (reader, cancel) =>
        {
            var rows = new List<T>();
            while (await reader.ReadAsync(cancel).ConfigureAwait(false)) rows.Add(row(reader));
            // Rows come before the commit; only here has the server said that there was one.
            await reader.NextResultAsync(cancel).ConfigureAwait(false);
            return rows;
        },
        cancellation,
        values);

    private static FoundHead Found(NpgsqlDataReader row) => row.IsDBNull(0)
        ? new FoundHead(row.GetInt64(10), null, -1, "", default)
        : new FoundHead(row.GetInt64(10), HeadRow.Read(row), row.GetInt32(11), row.GetString(12), (NodeState)row.GetInt16(13));

    /// <summary>An account as it was found; without a head, nobody has owned it.</summary>
    private sealed record FoundHead(long Account, AccountHead? Head, int Node, string Name, NodeState State);
}
