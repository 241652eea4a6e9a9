using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>The telling half of a peer's session: outcomes gather while the frame before waits for the disk or is being sent.</summary>
internal sealed class AnswerSender(IAccountEngine engine, IPeerConnection connection)
{
    private readonly Lock _gate = new();
    private readonly Queue<AnswerFrame> _frames = new();
    private AnswerFrame _open = new();
    private AnswerFrame? _spare;
    private Signal? _waiting;
    private bool _hasEnded;

    /// <summary>The outcome of a command; it leaves once its ticket is durable, and not before <see cref="Flush"/>.</summary>
    public void Add(ulong number, in Outcome outcome, AppendTicket ticket)
    {
        lock (_gate)
        {
            if (_open.IsFull || !_open.CoversWith(ticket)) Shelve();
            _open.Add(number, outcome, ticket);
        }
    }

    /// <summary>An answer that waits for nothing.</summary>
    public void Tell(V1.NodeAnswer answer)
    {
        lock (_gate)
        {
            // By itself: what it gathered with might be lost, and all be told so.
            if (_open.Bytes.Length > 0) Shelve();
            _open.Bytes.Write(PeerFields.Answers, answer);
            Shelve();
        }
        Flush();
    }

    /// <summary>Sees to it that what has gathered leaves.</summary>
    public void Flush()
    {
        Signal? waiting;
        lock (_gate) (waiting, _waiting) = (_waiting, null);
        waiting?.Tell(engine.Options.Work);
    }

    /// <summary>Nothing more will be told.</summary>
    public void End()
    {
        lock (_gate) _hasEnded = true;
        Flush();
    }

    /// <summary>Sends until ended.</summary>
    /// <exception cref="PeerLostException">The connection broke.</exception>
    public async Task RunAsync()
    {
        while (true)
        {
            AnswerFrame? frame;
            var waiting = Task.CompletedTask;
            lock (_gate)
            {
                frame = Take();
                if (frame is null && _hasEnded) return;
                if (frame is null) waiting = (_waiting ??= new Signal()).Task;
            }
            await waiting.ConfigureAwait(false);
            if (frame is null) continue;
            await SendAsync(frame).ConfigureAwait(false);
            frame.Clear();
            lock (_gate) _spare = frame;
        }
    }

    private async ValueTask SendAsync(AnswerFrame frame)
    {
        try
        {
            await engine.WhenDurableAsync(frame.Ticket).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or JournalFencedException)
        {
            frame.TurnIntoUnavailable();
        }
        if (frame.Bytes.Length > 0) await connection.SendAsync(frame.Bytes.Written).ConfigureAwait(false);
    }

    private AnswerFrame? Take()
    {
        if (_frames.TryDequeue(out var frame)) return frame;
        if (_open.Bytes.Length == 0) return null;
        Shelve();
        return _frames.Dequeue();
    }

    private void Shelve()
    {
        _frames.Enqueue(_open);
        (_open, _spare) = (_spare ?? new AnswerFrame(), null);
    }
}
