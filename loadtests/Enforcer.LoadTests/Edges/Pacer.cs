using System.Diagnostics;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// Wakes edges when their cycles are due, to about a millisecond. The runtime's timers go by a clock that moves on every 4 ms on common kernels: edges that
/// wait by them come all at once, and a load of even steps becomes one of bursts. Safe for any number of threads.
/// </summary>
internal sealed class Pacer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private Thread? _thread;
    private volatile bool _isOver;

    /// <summary>Completes when the moment has come; a load without a pace never asks, and has no thread for it.</summary>
    /// <param name="timestamp">The moment, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    public Task WaitUntilAsync(long timestamp)
    {
        var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue(due, timestamp);
            if (_thread is null)
            {
                _thread = new Thread(Run) { Name = "pacer", IsBackground = true };
                _thread.Start();
            }
        }
        return due.Task;
    }

    /// <summary>Nobody is woken any more.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread?.Join();
    }

    private void Run()
    {
        while (!_isOver)
        {
            Thread.Sleep(1);
            lock (_gate)
            {
                var now = Stopwatch.GetTimestamp();
                while (_waiting.TryPeek(out var due, out var at) && at <= now)
                {
                    _waiting.Dequeue();
                    due.SetResult();
                }
            }
        }
    }
}
