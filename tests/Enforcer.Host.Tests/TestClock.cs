namespace Enforcer.Host.Tests;

/// <summary>A clock that tests move; timers run in real time, so that upkeep goes on by itself.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _nowMs = 1_800_000_000_000;

    public long NowMs => Interlocked.Read(ref _nowMs);

    public void Advance(long ms) => Interlocked.Add(ref _nowMs, ms);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
}
