using Enforcer.Protocol.V1;

namespace Enforcer.Server.Tests.Support;

/// <summary>Limits for tests.</summary>
internal static class Caps
{
    public static Limits Life(long capNanos) => new() { Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = capNanos } } };
}
