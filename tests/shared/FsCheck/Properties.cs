using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Enforcer.Testing;

/// <summary>
/// Runs properties from a seed. A failure tells its seed; <c>ENFORCER_TEST_SEED=seed,gamma</c> replays it, and
/// <c>ENFORCER_TEST_RUNS=20</c> runs twenty times as many cases.
/// </summary>
internal static class Properties
{
    private static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ENFORCER_TEST_RUNS"), CultureInfo.InvariantCulture, out var factor) ? factor : 1;

    public static void Holds<T>(Arbitrary<T> cases, Action<T> check, int runs, ulong seed = 20_260_302) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs * Factor).WithReplay(FSharpOption<Replay>.Some(Seed(seed))), Prop.ForAll(cases, check));

    public static void Holds<T>(Gen<T> cases, Action<T> check, int runs, ulong seed = 20_260_302) => Holds(Arb.From(cases), check, runs, seed);

    /// <summary>True if some case breaks the check.</summary>
    public static bool FindsFault<T>(Arbitrary<T> cases, Action<T> check, int runs, ulong seed = 20_260_302) =>
        cases.Generator.Sample(50, new Rnd(seed, 1), runs).Any(one => Breaks(check, one));

    private static bool Breaks<T>(Action<T> check, T one)
    {
        Action once = () => check(one);
        return Record.Exception(once) is not null;
    }

    private static Replay Seed(ulong seed)
    {
        var given = Environment.GetEnvironmentVariable("ENFORCER_TEST_SEED")?.Trim('(', ')').Split(',') ?? [];
        var rnd = given.Length >= 2
            ? new Rnd(ulong.Parse(given[0], CultureInfo.InvariantCulture), ulong.Parse(given[1], CultureInfo.InvariantCulture))
            : new Rnd(seed, 1);
        return new Replay(rnd, FSharpOption<int>.None);
    }
}
