using Enforcer.Cluster;
using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Which node owns which account. An account's head names its owner and counts the owners; heads are never deleted. Ownership changes only in a
/// transaction that holds the row of the node which loses the account, as does every append of that node (decision 8).
/// </summary>
/// <remarks>
/// Loading an account to append to it claims it (<see cref="IJournalStore.ClaimHeadAsync"/>); a node appends for no account that it has not loaded.
/// Everything here is refused to a node that was itself replaced.
/// </remarks>
public sealed class PostgresOwnership : IOwnership
{
    private readonly Database _database;
    private readonly Func<NodeClaim> _claim;
    private readonly Func<NodeWriter> _writer;
    private readonly Claims _claims;
    private readonly Takeover _takeover;
    private readonly Taking _taking;

    internal PostgresOwnership(Database database, string node, Func<NodeClaim> claim, Func<NodeWriter> writer)
    {
        _database = database;
        _claim = claim;
        _writer = writer;
        _claims = new Claims(database, node, claim);
        _takeover = new Takeover(database, claim);
        _taking = new Taking(database, claim);
    }

    /// <summary>All nodes, in the order of their streams.</summary>
    public async Task<IReadOnlyList<NodeInfo>> ReadNodesAsync(CancellationToken cancellation = default) => await _database.AllAsync(
        "SELECT n.name, n.node, n.state, n.incarnation, n.owner, t.tip - $1 * n.node, t.tip - c.through FROM nodes n " +
        "JOIN tips t ON t.node = n.node JOIN covers c ON c.node = n.node ORDER BY n.node",
        static row => new NodeInfo(
            row.GetString(0), row.GetInt32(1), (NodeState)row.GetInt16(2), row.GetInt64(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6)),
        cancellation,
        BatchNumber.OriginOf(1)).ConfigureAwait(false);

    /// <summary>Who owns each of these accounts; those that nobody owns yet are missing.</summary>
    public async Task<IReadOnlyDictionary<long, AccountOwner>> FindAsync(IReadOnlyCollection<long> accounts, CancellationToken cancellation = default)
    {
        var node = _claim().Node;
        var owners = await _database.AllAsync(
            "SELECT h.account, n.name, h.epoch, n.state, n.node FROM heads h JOIN nodes n ON n.node = h.node WHERE h.account = ANY($1)",
            row => new AccountOwner(row.GetInt64(0), row.GetString(1), row.GetInt64(2), (NodeState)row.GetInt16(3), row.GetInt32(4) == node),
            cancellation,
            accounts.ToArray()).ConfigureAwait(false);
        return owners.ToDictionary(static owner => owner.Account);
    }

    /// <summary>The accounts that a node owns, in the order of their numbers, a page at a time.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="after">The last number of the page before; 0 for the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async Task<IReadOnlyList<long>> ListAsync(string node, long after, int limit, CancellationToken cancel = default) =>
        await _database.AllAsync(
            "SELECT account FROM heads WHERE account > $2 AND node = (SELECT node FROM nodes WHERE name = $1) ORDER BY account LIMIT $3",
            static row => row.GetInt64(0),
            cancel,
            node,
            after,
            limit).ConfigureAwait(false);

    /// <summary>
    /// Makes this node the owner of an account that nobody owns, or whose owner was replaced (<see cref="TakeOverAsync"/>). Answers who owns the account
    /// now: if that is another node, ask that one.
    /// </summary>
    /// <exception cref="JournalFencedException">This node was replaced itself.</exception>
    /// <exception cref="JournalUnavailableException">The server does not answer; the account may or may not be this node's: claim it again.</exception>
    public async Task<AccountOwner> ClaimAsync(long account, CancellationToken cancellation = default) =>
        (await _claims.ClaimAsync(account, cancellation).ConfigureAwait(false)).Owner;

    /// <summary>
    /// Takes accounts from a node that lives: it finds out with its next append, drops them and goes on. Accounts that are not that node's are passed over;
    /// answers those that are this node's now.
    /// </summary>
    /// <remarks>
    /// For a planned move the owner first writes the accounts' heads and then ends its work on them; so there is next to nothing to be read. Without that, what
    /// the heads do not contain yet is read from the owner's stream.
    /// </remarks>
    /// <exception cref="JournalFencedException">This node was replaced itself.</exception>
    /// <exception cref="JournalCorruptException">The owner's stream is damaged.</exception>
    public async Task<IReadOnlyList<long>> TakeAsync(string node, IReadOnlyCollection<long> accounts, CancellationToken cancellation = default) =>
        [.. (await _taking.TakeAsync(node, accounts, null, coveredThrough: 0, cancellation).ConfigureAwait(false)).Select(static taken => taken.Account)];

    /// <inheritdoc/>
    public Task<IReadOnlyList<TakenAccount>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long revocations, long coveredThrough, CancellationToken cancel) =>
        _taking.TakeAsync(node, accounts, revocations, coveredThrough, cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> IsMineAsync(long account, CancellationToken cancel) => await _database.FirstAsync(
        "SELECT 1 FROM heads h JOIN nodes n ON n.node = h.node WHERE h.account = $1 AND h.node = $2 AND n.session = $3",
        static row => (object)row.GetInt32(0),
        cancel,
        account,
        _claim().Node,
        _claim().Session).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel)
    {
        var counts = await _database.AllAsync(
            "SELECT n.name, count(*) FROM heads h JOIN nodes n ON n.node = h.node GROUP BY n.name", static row => (Node: row.GetString(0), Count: row.GetInt64(1)), cancel)
            .ConfigureAwait(false);
        return counts.ToDictionary(static count => count.Node, static count => count.Count);
    }

    /// <inheritdoc/>
    public Task InheritAsync(string node, IReadOnlyCollection<long> accounts, CancellationToken cancel) => _claims.InheritAsync(node, [.. accounts], cancel);

    /// <inheritdoc/>
    public Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancel) => _writer().AcknowledgeAsync(accounts, cancel);

    /// <inheritdoc/>
    public async Task<long> ReadRevocationsAsync(CancellationToken cancel) => await _database.FirstAsync(
        "SELECT revocations FROM nodes WHERE node = $1 AND session = $2", static row => (object)row.GetInt64(0), cancel, _claim().Node, _claim().Session)
        .ConfigureAwait(false) is long revocations ? revocations : throw StreamEnd.Fenced(_database.Name, "");

    /// <inheritdoc/>
    public async Task RefuseTakesAsync(CancellationToken cancel)
    {
        if (await ChangesAsync("UPDATE nodes SET revocations = revocations + 1 WHERE node = $1 AND session = $2", cancel, _claim().Node, _claim().Session).ConfigureAwait(false))
            return;
        throw StreamEnd.Fenced(_database.Name, "");
    }

    /// <summary>
    /// Replaces a node that is dead: from now on it can append nothing, and when this completes its accounts can be claimed by whoever is asked for them.
    /// Several nodes may do it at the same time, and another one may complete what one has begun.
    /// </summary>
    /// <param name="node">The node's name.</param>
    /// <param name="incarnation">As it was when it was found dead (<see cref="ReadNodesAsync"/>); one that has come back since is left alone.</param>
    /// <param name="cancel">Gives up; the node may have been replaced nevertheless.</param>
    /// <returns>False if it has come back since.</returns>
    /// <exception cref="JournalFencedException">This node was replaced itself.</exception>
    /// <exception cref="JournalCorruptException">The dead node's stream is damaged.</exception>
    public Task<bool> TakeOverAsync(string node, long incarnation, CancellationToken cancel = default) =>
        _takeover.RunAsync(node, incarnation, cancel);

    /// <summary>Claims an account and reads its head.</summary>
    internal Task<ClaimedAccount> ClaimHeadAsync(long account, CancellationToken cancellation) => _claims.ClaimAsync(account, cancellation);

    private async Task<bool> ChangesAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        try
        {
            var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            return await connection.ExecuteAsync(sql, cancellation, values).ConfigureAwait(false) == 1;
        }
        catch (Exception error) when (Failures.IsTranslated(error))
        {
            throw Failures.Translate(error, _database.Name);
        }
    }
}
