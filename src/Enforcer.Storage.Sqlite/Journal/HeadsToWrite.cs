using Enforcer.Journal;

namespace Enforcer.Storage.Sqlite;

/// <summary>Heads that wait to be written, a few with each batch; done when the last of them and its cursor are durable.</summary>
internal sealed class HeadsToWrite(IReadOnlyList<AccountHead> heads, long coveredThrough)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public Task Done => _done.Task;

    /// <summary>True once every head has been written and only the answer is due.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Writes the next few inside the open transaction; the cursor goes with the last.</summary>
    public int WriteSome(SqlSession session, int most)
    {
        var through = Math.Min(heads.Count, _next + most);
        for (var i = _next; i < through; i++) Write(session, heads[i]);
        if (through == heads.Count)
            session.Execute("UPDATE fence SET covered_through = max(covered_through, $1) WHERE id = 1", coveredThrough);
        return through;
    }

    /// <summary>The transaction is durable.</summary>
    public void Advance(int through)
    {
        _next = through;
        IsWritten = through == heads.Count;
    }

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception error) => _done.TrySetException(error);

    /// <summary>An older head never replaces a newer one.</summary>
    private static void Write(SqlSession session, AccountHead head) => session.Execute(
        "INSERT INTO heads(account, epoch, seq, last_batch, crc, next_expiry, snapshot) VALUES ($1, $2, $3, $4, $5, $6, $7) " +
        "ON CONFLICT(account) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, last_batch = excluded.last_batch, crc = excluded.crc, " +
        "next_expiry = excluded.next_expiry, snapshot = excluded.snapshot WHERE excluded.seq >= heads.seq",
        head.Account,
        head.Epoch,
        head.Seq,
        head.LastBatch,
        (long)head.Crc,
        head.NextExpiryMs == long.MaxValue ? DBNull.Value : head.NextExpiryMs,
        head.Snapshot.ToArray());
}
