using System.Threading.Tasks.Sources;
using Enforcer.Journal;

namespace Enforcer.Storage.Sqlite;

/// <summary>The one append that is under way. Whoever awaits it goes on inline, on the writer's thread: no hop between batches.</summary>
internal sealed class AppendCompletion : IValueTaskSource<AppendResult>
{
    private ManualResetValueTaskSourceCore<AppendResult> _core = new() { RunContinuationsAsynchronously = false };

    /// <summary>Begins the next one; the one before must have been awaited.</summary>
    public ValueTask<AppendResult> Begin()
    {
        _core.Reset();
        return new ValueTask<AppendResult>(this, _core.Version);
    }

    public void Complete(AppendResult result) => _core.SetResult(result);

    public AppendResult GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
