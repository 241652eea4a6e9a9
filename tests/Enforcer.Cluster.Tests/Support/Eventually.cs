namespace Enforcer.Cluster.Tests.Support;

/// <summary>Waits for what nodes do in their own time.</summary>
internal static class Eventually
{
    public static Task Async(Func<bool> condition, string what) => Async(() => Task.FromResult(condition()), what);

    public static async Task Async(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 3_000; i++)
        {
            if (await condition()) return;
            await Task.Delay(10);
        }
        Assert.Fail("It never came true that " + what + ".");
    }
}
