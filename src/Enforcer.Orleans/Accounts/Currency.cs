namespace Enforcer.Orleans;

/// <summary>
/// Asks whether this node still has all that it had, one question at a time: whoever comes while one is under way shares the next, so that each answer
/// was true after it was asked for.
/// </summary>
internal sealed class Currency(Func<CancellationToken, ValueTask<bool>> ask)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _next;
    private bool _isAsking;

    /// <summary>What a question that has not begun yet will be answered.</summary>
    public Task<bool> CheckAsync()
    {
        lock (_gate)
        {
            if (_next is not null) return _next.Task;
            _next = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isAsking)
            {
                _isAsking = true;
                _ = Task.Run(AskAllAsync);
            }
            return _next.Task;
        }
    }

    private async Task AskAllAsync()
    {
        while (true)
        {
            TaskCompletionSource<bool> asked;
            lock (_gate)
            {
                if (_next is null)
                {
                    _isAsking = false;
                    return;
                }
                (asked, _next) = (_next, null);
            }
            try
            {
                asked.SetResult(await ask(CancellationToken.None).ConfigureAwait(false));
            }
#pragma warning disable CA1031 // Whoever waits is told.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                asked.SetException(failure);
            }
        }
    }
}
