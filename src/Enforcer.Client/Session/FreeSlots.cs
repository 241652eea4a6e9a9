namespace Enforcer.Client;

/// <summary>Which slots are free. The last to be freed is taken first, so that few are ever used. Guarded by the gate of the <see cref="CommandTable"/>.</summary>
internal sealed class FreeSlots
{
    private readonly int[] _free;
    private int _count;
    private TaskCompletionSource? _allFree;

    public FreeSlots(int capacity)
    {
        _free = new int[capacity];
        _count = capacity;
        for (var i = 0; i < capacity; i++)
            _free[i] = capacity - 1 - i;
    }

    /// <summary>Slots that are taken.</summary>
    public int Taken => _free.Length - _count;

    /// <summary>No slot with this index or a higher one is taken.</summary>
    public int Used { get; private set; }

    /// <summary>Takes a slot, of which there is one.</summary>
    public int Take()
    {
        var index = _free[--_count];
        Used = Math.Max(Used, index + 1);
        return index;
    }

    /// <summary>Gives a slot back.</summary>
    public void Give(int index)
    {
        _free[_count++] = index;
        if (Taken > 0)
            return;
        Used = 0;
        _allFree?.TrySetResult();
    }

    /// <summary>Completes once no slot is taken. For the end: called once, after which none is taken any more.</summary>
    public Task WhenAllFree()
    {
        if (Taken == 0)
            return Task.CompletedTask;
        _allFree = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _allFree.Task;
    }
}
