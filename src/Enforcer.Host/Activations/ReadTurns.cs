using Enforcer.Journal;

namespace Enforcer.Host.Activations;

/// <summary>So many may read at the same time; the others wait their turn, in the order in which they came.</summary>
internal sealed class ReadTurns(int count, WorkPool work)
{
    private readonly Lock _gate = new();
    private readonly Queue<Signal> _waiting = new();
    private int _free = count;
    private bool _hasEnded;

    /// <summary>Completes when it is the caller's turn, who then gives it on.</summary>
    /// <exception cref="OperationCanceledException">There will be no more turns.</exception>
    public Task TakeAsync()
    {
        lock (_gate)
        {
            if (_hasEnded) return Task.FromException(Ended());
            if (_free > 0)
            {
                _free--;
                return Task.CompletedTask;
            }
            var turn = new Signal();
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    /// <summary>The next one's turn.</summary>
    public void Give()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var next)) next.Tell(work);
            else _free++;
        }
    }

    /// <summary>Whoever waits, and whoever comes, has waited in vain.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            while (_waiting.TryDequeue(out var next)) next.Tell(work, Ended());
        }
    }

    private static OperationCanceledException Ended() => new("The host of the accounts has ended.");
}
