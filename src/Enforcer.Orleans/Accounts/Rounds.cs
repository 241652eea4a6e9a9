namespace Enforcer.Orleans;

/// <summary>
/// Work that is done for all at once who have asked for it: whoever comes while a round is under way shares the next one, so that each was there before its
/// round began.
/// </summary>
internal sealed class Rounds<TItem, TResult>(Func<IReadOnlyList<TItem>, Task<TResult>> work)
{
    private readonly Lock _gate = new();
    private List<TItem> _items = [];
    private TaskCompletionSource<TResult> _told = NewRound();
    private bool _isUnderWay;

    /// <summary>What becomes of a round that has not begun yet.</summary>
    public Task<TResult> JoinAsync(TItem item)
    {
        lock (_gate)
        {
            _items.Add(item);
            if (!_isUnderWay)
            {
                _isUnderWay = true;
                _ = Task.Run(RunAsync);
            }
            return _told.Task;
        }
    }

    private static TaskCompletionSource<TResult> NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        while (true)
        {
            List<TItem> items;
            TaskCompletionSource<TResult> told;
            lock (_gate)
            {
                _isUnderWay = _items.Count > 0;
                if (!_isUnderWay) return;
                (items, told) = (_items, _told);
                (_items, _told) = ([], NewRound());
            }
            try
            {
                told.SetResult(await work(items).ConfigureAwait(false));
            }
#pragma warning disable CA1031 // Whoever waits is told.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                told.SetException(failure);
            }
        }
    }
}
