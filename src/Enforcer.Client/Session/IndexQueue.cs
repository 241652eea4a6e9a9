namespace Enforcer.Client;

/// <summary>A ring of slot indices, large enough for all of them; each is in it at most once.</summary>
internal sealed class IndexQueue(int capacity)
{
    private readonly int[] _ring = new int[capacity];
    private int _head;

    public int Count { get; private set; }

    public void Add(int index)
    {
        var tail = _head + Count;
        _ring[tail < _ring.Length ? tail : tail - _ring.Length] = index;
        Count++;
    }

    public bool TryTake(out int index)
    {
        if (Count == 0)
        {
            index = -1;
            return false;
        }
        index = _ring[_head];
        _head = _head + 1 == _ring.Length ? 0 : _head + 1;
        Count--;
        return true;
    }

    public void Replace(List<int> indices)
    {
        indices.CopyTo(_ring);
        _head = 0;
        Count = indices.Count;
    }
}
