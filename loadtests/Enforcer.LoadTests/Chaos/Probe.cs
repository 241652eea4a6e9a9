using System.Diagnostics;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// Somebody who spends from one account now and then, and notes when it could be done: reserves, and releases. What fails is made again under the same operation id by whoever
/// makes the calls, or counts as a failure here.
/// </summary>
/// <param name="account">The account's number.</param>
/// <param name="callAsync">Makes one call to the account; false if it was not answered.</param>
internal sealed class Probe(int account, Func<int, CancellationToken, Task<bool>> callAsync)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(40);

    private readonly List<ProbedCall> _calls = [];

    /// <summary>Answered calls, in order; to be read when the probe has ended.</summary>
    public IReadOnlyList<ProbedCall> Calls => _calls;

    /// <summary>When each call was made that was given up, in order.</summary>
    public List<long> Failures { get; } = [];

    /// <summary>Notes an answered call; calls come one after the other.</summary>
    public void Add(ProbedCall call) => _calls.Add(call);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var made = Stopwatch.GetTimestamp();
            if (await callAsync(account, CancellationToken.None).ConfigureAwait(false))
            {
                Add(new ProbedCall(made, Stopwatch.GetTimestamp()));
            }
            else
            {
                Failures.Add(made);
            }

            await Task.Delay(Between, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
