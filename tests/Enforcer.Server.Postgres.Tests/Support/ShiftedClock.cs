namespace Enforcer.Server.Tests.Support;

/// <summary>A machine's clock that is wrong by so much; lengths of time are right.</summary>
internal sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
