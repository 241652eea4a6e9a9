namespace Enforcer.LoadTests.Edges;

/// <summary>How long an edge waits before it tries again: longer with each failure, so that a server that starts is not crowded.</summary>
internal struct RetryDelay
{
    private const int FirstMs = 10;
    private const int LongestMs = 160;

    private int _lastMs;

    /// <summary>The next wait in milliseconds.</summary>
    public int NextMs() => _lastMs = _lastMs == 0 ? FirstMs : Math.Min(_lastMs * 2, LongestMs);

    public void Reset() => _lastMs = 0;
}
