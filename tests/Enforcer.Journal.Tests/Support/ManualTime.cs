namespace Enforcer.Journal.Tests.Support;

/// <summary>A clock that the test moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    public long NowMs { get; private set; } = 1_760_000_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public void Advance(long ms) => NowMs += ms;
}
