using System.Diagnostics;
using Enforcer.LoadTests.Chaos;

namespace Enforcer.LoadTests.Tests;

public sealed class UnavailabilityTests
{
    [Theory]
    [InlineData(100, 200, "0-10 50-60 110-120 150-160 210-220", 60)] // an answer now and then: the longest between two
    [InlineData(100, 200, "0-10 90-95 180-260 270-280", 160)] // none from the fault until the first after it
    [InlineData(100, 200, "0-10 150-160 190-195 450-460", 265)] // what began before it was over counts to its end
    [InlineData(100, 200, "0-10 90-130 210-215 400-410", 85)] // what came after it was over does not
    internal void The_longest_time_without_an_answer(int began, int over, string calls, int expected) =>
        Assert.Equal(expected, new Unavailability([ProbeWith(calls)]).Longest(Fault(began, began, over)).TotalMilliseconds);

    [Fact]
    public void Healing_ends_with_the_slowest_account()
    {
        var seen = new Unavailability([ProbeWith("100-110 210-230"), ProbeWith("100-205 220-260")]);
        Assert.Equal(60, seen.UntilAllAnswered(Fault(50, 200, 210)).TotalMilliseconds);
    }

    private static Probe ProbeWith(string calls)
    {
        var probe = new Probe(0, (_, _) => Task.FromResult(true));
        foreach (var call in calls.Split(' '))
        {
            var times = call.Split('-').Select(int.Parse).ToArray();
            probe.Add(new ProbedCall(At(times[0]), At(times[1])));
        }

        return probe;
    }

    private static FaultRecord Fault(int began, int healed, int over) => new(
        FaultPlan.Draw(1, [FaultKind.KillNode], 1, TimeSpan.FromSeconds(1), 3)[0], At(began), At(healed), At(over));

    private static long At(int ms) => ms * Stopwatch.Frequency / 1_000;
}
