using System.Runtime.CompilerServices;
using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// One node's part of a journal that several nodes keep in one PostgreSQL: a stream of batches of its own, a row each; heads of all accounts, and who
/// owns them; a fence per node (SPEC 5.3 and 7, decision 8).
/// </summary>
public sealed class PostgresJournalStore : IJournalStore
{
    private const string BatchColumns = "SELECT number, first_at, entries, hash, payload FROM batches ";
    private const long MostBytesAtOnce = 2 << 20;
    private readonly PostgresOptions _options;
    private readonly Database _database;
    private readonly Partitions _partitions;
    private readonly bool _isReadOnly;
    private NodeClaim? _claim;
    private NodeWriter? _writer;
    private long _origin;

    private PostgresJournalStore(PostgresOptions options, bool isReadOnly)
    {
        _options = options;
        _isReadOnly = isReadOnly;
        _database = new Database(options);
        _partitions = new Partitions(_database, options.BatchesPerPartition);
        Ownership = new PostgresOwnership(_database, options.Node, () => Claim, () => Writer);
    }

    /// <summary>How many accounts a node should load at the same time: they are claimed together, so that many cost little more than one.</summary>
    public const int ConcurrentReads = 256;

    /// <summary>Who owns which account, and how that changes.</summary>
    public PostgresOwnership Ownership { get; }

    /// <summary>Server and database, for messages.</summary>
    public string Name => _database.Name;

    /// <summary>The store of a node, which is made if its name is new.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static PostgresJournalStore ForNode(PostgresOptions options) => new(options, isReadOnly: false);

    /// <summary>The store of a node, to be read and never written; the node may be using it meanwhile.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static PostgresJournalStore ReadNode(PostgresOptions options) => new(options, isReadOnly: true);

    /// <summary>The stores of all nodes that there have ever been, opened to be read: together they are the whole journal.</summary>
    /// <exception cref="JournalUnavailableException">There is no journal, or the server does not answer.</exception>
    public static async Task<IReadOnlyList<PostgresJournalStore>> ReadAllAsync(PostgresOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var stores = new List<PostgresJournalStore>();
        try
        {
            foreach (var node in await ReadNodeNamesAsync(options, cancellation).ConfigureAwait(false))
            {
                stores.Add(ReadNode(options with { Node = node }));
                await stores[^1].OpenAsync("", cancellation).ConfigureAwait(false);
            }
            return stores;
        }
        catch
        {
            foreach (var store in stores) await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation)
    {
        try
        {
            var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            if (_isReadOnly)
            {
                await Schema.RequireAsync(connection, Name, cancellation).ConfigureAwait(false);
            }
            else
            {
                await Schema.PrepareAsync(connection, Name, cancellation).ConfigureAwait(false);
                _claim = await NodeClaim.MakeAsync(connection, _options.Node, owner, Name, cancellation).ConfigureAwait(false);
                _writer = new NodeWriter(_database, _partitions, _claim);
            }
        }
        catch (Exception error) when (Failures.IsTranslated(error))
        {
            throw Failures.Translate(error, Name);
        }
        var tip = await ReadTipAsync(cancellation).ConfigureAwait(false);
        _origin = BatchNumber.OriginOf(tip.Batch);
        return tip;
    }

    /// <inheritdoc/>
    public async Task<JournalTip> ReadTipAsync(CancellationToken cancellation)
    {
        if (!_isReadOnly) return await Writer.ReadTipAsync(cancellation).ConfigureAwait(false);
        return await _database.FirstAsync(StreamEnd.Filed + "WHERE n.name = $1", StreamEnd.Tip, cancellation, _options.Node).ConfigureAwait(false)
            ?? throw new JournalUnavailableException($"{Name}: there is no node '{_options.Node}'. Name one of those in enforcer.nodes.");
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(SealedBatch batch) => Writer.AppendAsync(batch);

    /// <summary>Reads one batch, of whichever node's stream, or null if there is none with this number.</summary>
    /// <exception cref="JournalUnavailableException">It was archived, or the server does not answer.</exception>
    public async ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation) =>
        await ReadBackAsync(number, 1, cancellation).ConfigureAwait(false) is [var batch, ..] ? batch : null;

    /// <inheritdoc/>
    /// <exception cref="JournalUnavailableException">It was archived, or the server does not answer.</exception>
    public async ValueTask<IReadOnlyList<StoredBatch>> ReadBackAsync(long number, int most, CancellationToken cancellation)
    {
        // How long payloads are is known without reading them.
        var read = await _database.AllAsync(
            "SELECT number, first_at, entries, hash, payload FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY number DESC) AS bytes " +
            "FROM batches WHERE number <= $1 AND number > $2) b WHERE number = $1 OR bytes <= $3 ORDER BY number DESC",
            Batch,
            cancellation,
            number,
            Math.Max(BatchNumber.OriginOf(number), number - most),
            MostBytesAtOnce).ConfigureAwait(false);
        if (read is [var first, ..] && first.Number == number) return read;
        var archived = await _database.FirstAsync(
            "SELECT name FROM partitions WHERE from_number <= $1 AND to_number > $1 AND archived_at IS NOT NULL",
            static row => row.GetString(0),
            cancellation,
            number).ConfigureAwait(false);
        return archived is null
            ? []
            : throw new JournalUnavailableException($"{Name}: batch {number} was archived into enforcer.{archived}. Attach that table again to read it.");
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ArchivedBatches>> ReadArchivedAsync(CancellationToken cancellation) => await _database.AllAsync(
        "SELECT from_number, to_number - 1 FROM partitions WHERE node = $1 AND archived_at IS NOT NULL ORDER BY from_number",
        static row => new ArchivedBatches(row.GetInt64(0), row.GetInt64(1)),
        cancellation,
        BatchNumber.StreamOf(_origin)).ConfigureAwait(false);

    /// <summary>Reads batches of this node's stream in order; numbers that are missing are passed over.</summary>
    public async IAsyncEnumerable<StoredBatch> ReadBatchesAsync(
        long from, long through, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in ReadStreamAsync(_database, Math.Max(from, _origin + 1), Math.Min(through, BatchNumber.EndOf(_origin)), cancellation)
            .ConfigureAwait(false)) yield return batch;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ReadSpanAsync(long fromMs, long throughMs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const int AtOnce = 64;
        var open = await _database.AllAsync(
            "SELECT b.* FROM nodes n CROSS JOIN LATERAL (SELECT number, first_at, entries, hash, payload FROM batches " +
            "WHERE number > n.node * $2 AND number <= (n.node + 1) * $2 AND first_at < $1 ORDER BY first_at DESC, number DESC LIMIT 1) b ORDER BY b.first_at",
            Batch,
            cancellation,
            fromMs,
            BatchNumber.OriginOf(1)).ConfigureAwait(false);
        foreach (var batch in open) yield return batch;
        for (var (at, number) = (fromMs, 0L); ;)
        {
            var some = await _database.AllAsync(
                BatchColumns + "WHERE (first_at, number) > ($1, $2) AND first_at <= $3 ORDER BY first_at, number LIMIT $4",
                Batch,
                cancellation,
                at,
                number,
                throughMs,
                AtOnce).ConfigureAwait(false);
            foreach (var batch in some) yield return batch;
            if (some.Count < AtOnce) yield break;
            (at, number) = (some[^1].FirstAtMs, some[^1].Number);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation) => await _database.FirstAsync(
        "SELECT number FROM batches WHERE number > $1 AND number <= $2 AND first_at < $3 ORDER BY first_at DESC, number DESC LIMIT 1",
        static row => (object)row.GetInt64(0),
        cancellation,
        _origin,
        BatchNumber.EndOf(_origin),
        atMs).ConfigureAwait(false) is long number ? number : _origin;

    /// <inheritdoc/>
    public async ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation) =>
        await _database.FirstAsync(HeadRow.Select + "WHERE h.account = $1", HeadRow.Read, cancellation, account).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<AccountHead?> ClaimHeadAsync(long account, CancellationToken cancellation)
    {
        var (owner, head) = await Ownership.ClaimHeadAsync(account, cancellation).ConfigureAwait(false);
        if (head is not null) return head;
        throw new JournalElsewhereException($"Account {account} belongs to node {owner.Node}.") { Node = owner.Node, Epoch = owner.Epoch };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountHead> ReadHeadsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        const int AtOnce = 1_024;
        for (var after = 0L; ;)
        {
            var some = await _database.AllAsync(HeadRow.Select + "WHERE h.account > $1 ORDER BY h.account LIMIT $2", HeadRow.Read, cancellation, after, AtOnce)
                .ConfigureAwait(false);
            foreach (var head in some) yield return head;
            if (some.Count < AtOnce) yield break;
            after = some[^1].Account;
        }
    }

    /// <inheritdoc/>
    public async Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(heads);
        try
        {
            var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            if (await HeadsStatement.TryWriteAsync(connection, Claim, heads, coveredThrough, Writer.KnownRevocations, cancellation).ConfigureAwait(false)) return;
        }
        catch (Exception error) when (Failures.IsTranslated(error))
        {
            throw Failures.Translate(error, Name);
        }
        throw StreamEnd.Fenced(Name, "");
    }

    /// <summary>Accounts of this node that time changes at or before this moment (Unix ms), the earliest first, as their heads know it.</summary>
    public async ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation) => await _database.AllAsync(
        "SELECT account, next_expiry FROM heads WHERE node = $1 AND next_expiry <= $2 ORDER BY next_expiry LIMIT $3",
        static row => new DueAccount(row.GetInt64(0), row.GetInt64(1)),
        cancellation,
        BatchNumber.StreamOf(_origin),
        atMs,
        limit).ConfigureAwait(false);

    /// <summary>
    /// A place in an account's history from which to walk back to a moment (Unix ms) without beginning at its end: at or behind the last entry of that
    /// moment, by at most some hundred entries. Null if the end itself is that place.
    /// </summary>
    public async ValueTask<AccountTail?> FindTailAsync(long account, long atMs, CancellationToken cancellation) => await _database.FirstAsync(
        "SELECT seq, batch, crc FROM ledger WHERE account = $1 AND at > $2 ORDER BY seq LIMIT 1",
        row => (object)new AccountTail { Account = account, Seq = row.GetInt64(0), LastBatch = row.GetInt64(1), Crc = (uint)row.GetInt64(2), IsForeign = true },
        cancellation,
        account,
        atMs).ConfigureAwait(false) is AccountTail tail ? tail : null;

    /// <summary>
    /// True as long as this node was not replaced and nothing was taken from it that it does not know of: what it holds in memory is the truth. Ask
    /// between reading an account's state and showing it, where another node may have gone on with the account; and what was read must have stayed in memory
    /// until then, because what was taken meanwhile may have been dropped already. One question for all accounts; what was taken is known when the node has
    /// appended again, so if it says false, ask for the one account (<see cref="PostgresOwnership.IsMineAsync"/>).
    /// </summary>
    /// <exception cref="JournalUnavailableException">The server does not answer.</exception>
    public async ValueTask<bool> IsCurrentAsync(CancellationToken cancellation = default) => await _database.FirstAsync(
        "SELECT node FROM nodes WHERE node = $1 AND session = $2 AND revocations = $3",
        static row => (object)row.GetInt32(0),
        cancellation,
        Claim.Node,
        Claim.Session,
        Writer.KnownRevocations).ConfigureAwait(false) is not null;

    /// <summary>
    /// Takes batches that were opened before a moment (Unix ms) out of the journal, a whole partition at a time, each as a table of its own that can be
    /// dumped and dropped. Heads stay for ever. Answers the tables' names.
    /// </summary>
    /// <exception cref="JournalUnavailableException">Some snapshot lags, or a long query is running; try again later.</exception>
    public Task<IReadOnlyList<string>> ArchiveAsync(long beforeMs, CancellationToken cancellation = default) => _partitions.ArchiveAsync(beforeMs, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Reads batches in order, some at a time.</summary>
    internal static async IAsyncEnumerable<StoredBatch> ReadStreamAsync(
        Database database, long from, long through, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const int AtOnce = 64;
        while (from <= through)
        {
            var some = await database.AllAsync(
                BatchColumns + "WHERE number >= $1 AND number <= $2 ORDER BY number LIMIT $3", Batch, cancellation, from, through, AtOnce).ConfigureAwait(false);
            foreach (var batch in some) yield return batch;
            if (some.Count < AtOnce) yield break;
            from = some[^1].Number + 1;
        }
    }

    private static async Task<List<string>> ReadNodeNamesAsync(PostgresOptions options, CancellationToken cancellation)
    {
        var database = new Database(options);
        await using var _ = database.ConfigureAwait(false);
        await database.InTransactionAsync(
            async (connection, token) =>
            {
                await Schema.RequireAsync(connection, database.Name, token).ConfigureAwait(false);
                return true;
            },
            cancellation).ConfigureAwait(false);
        var names = await database.AllAsync("SELECT name FROM nodes ORDER BY node", static row => row.GetString(0), cancellation).ConfigureAwait(false);
        return names.Count > 0 ? names : throw new JournalUnavailableException($"{database.Name}: no node has written yet. Name the database that the nodes use.");
    }

    private NodeClaim Claim => _claim ?? throw new InvalidOperationException("The store is not open for writing.");

    private NodeWriter Writer => _writer ?? throw new InvalidOperationException("The store is not open for writing.");

    /// <summary>A batch whose five columns begin with this one.</summary>
    internal static StoredBatch ReadBatch(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), row.GetInt64(first + 1), row.GetInt32(first + 2), row.GetFieldValue<byte[]>(first + 3), row.GetFieldValue<byte[]>(first + 4));

    private static StoredBatch Batch(NpgsqlDataReader row) => ReadBatch(row, 0);
}
