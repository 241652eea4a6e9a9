namespace Enforcer.Orleans;

/// <summary>Takes accounts from nodes that live: whoever comes while one take is under way shares the next, because each of them costs that node a pause.</summary>
internal sealed class Takes(Func<string, IReadOnlyList<long>, Task> take)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(long Account, TaskCompletionSource Done)>> _waiting = [];

    /// <summary>Completes when it has been tried.</summary>
    public Task TakeAsync(string node, long account)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_waiting.TryGetValue(node, out var waiting))
            {
                _waiting[node] = waiting = [];
                _ = Task.Run(() => RunAsync(node));
            }
            waiting.Add((account, done));
        }
        return done.Task;
    }

    private async Task RunAsync(string node)
    {
        while (true)
        {
            List<(long Account, TaskCompletionSource Done)> some;
            lock (_gate)
            {
                some = _waiting[node];
                if (some.Count == 0)
                {
                    _waiting.Remove(node);
                    return;
                }
                _waiting[node] = [];
            }
            try
            {
                await take(node, [.. some.Select(static one => one.Account)]).ConfigureAwait(false);
                foreach (var (_, done) in some) done.SetResult();
            }
#pragma warning disable CA1031 // Whoever waits is told.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                foreach (var (_, done) in some) done.SetException(failure);
            }
        }
    }
}
