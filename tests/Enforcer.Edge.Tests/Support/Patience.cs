namespace Enforcer.Edge.Tests.Support;

/// <summary>Waits for what must happen by itself; a bound, not a delay.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var over = new CancellationTokenSource(Limit);
        while (!await holds())
        {
            if (over.IsCancellationRequested)
                Assert.Fail($"{what} did not happen within {Limit}");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
