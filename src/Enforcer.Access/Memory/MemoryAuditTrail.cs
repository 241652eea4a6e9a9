namespace Enforcer.Access;

internal sealed class MemoryAuditTrail(Lock one, int linesPerKind) : IAuditTrail
{
    private readonly LinkedList<AuditLine> _newestFirst = [];
    private readonly Dictionary<AuditKind, int> _count = [];
    private long _last;

    public ValueTask AppendAsync(AuditNote note, CancellationToken cancellation)
    {
        lock (one)
            Append(note);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<AuditLine>> QueryAsync(
        AuditKind? kind, long before, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        lock (one)
        {
            var page = _newestFirst
                .Where(line => before == 0 || line.Number < before)
                .Where(line => kind is null || line.Note.Kind == kind)
                .Take(count);
            return ValueTask.FromResult<IReadOnlyList<AuditLine>>(page.ToList());
        }
    }

    /// <summary>Adds a line; the caller holds the lock.</summary>
    public void Append(AuditNote note)
    {
        _newestFirst.AddFirst(new AuditLine(++_last, note));
        var count = _count.GetValueOrDefault(note.Kind) + 1;
        if (count > linesPerKind)
        {
            var oldest = _newestFirst.Last;
            while (oldest!.Value.Note.Kind != note.Kind)
                oldest = oldest.Previous;
            _newestFirst.Remove(oldest);
            count--;
        }

        _count[note.Kind] = count;
    }
}
