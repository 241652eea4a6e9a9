using Enforcer.Journal;

namespace Enforcer.Storage.Sqlite;

/// <summary>Heads that wait to be written, a few with each batch; done when the last of them and its cursor are durable.</summary>
internal sealed class HeadsToWrite(IReadOnlyList<AccountHead> heads, long coveredThrough)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public Task Done => _done.Task;

    /// <summary>True once every head is durable and only the answer is due.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Writes the next few inside the open transaction, the cursor with the last of them; says how far it came.</summary>
    public int WriteSome(WriterConnection connection, int most)
    {
        var through = Math.Min(heads.Count, _next + most);
        for (var i = _next; i < through; i++) connection.WriteHead(heads[i]);
        if (through == heads.Count) connection.Cover(coveredThrough);
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
}
