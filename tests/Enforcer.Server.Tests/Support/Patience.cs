namespace Enforcer.Server.Tests.Support;

/// <summary>How long a test waits for something that must happen; reached only when it fails.</summary>
internal static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);
}
