using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>Generates stories: mostly calls, some operators, a clock that mostly runs, sometimes leaps and sometimes goes back.</summary>
internal static class Steps
{
    private static Gen<StepKind> Kind => Gen.Frequency(
        (28, Gen.Constant(StepKind.Reserve)),
        (10, Gen.Constant(StepKind.Extend)),
        (10, Gen.Constant(StepKind.CommitPart)),
        (18, Gen.Constant(StepKind.CommitFinal)),
        (6, Gen.Constant(StepKind.Release)),
        (7, Gen.Constant(StepKind.Repeat)),
        (2, Gen.Constant(StepKind.RepeatOtherwise)),
        (6, Gen.Constant(StepKind.SetLimits)),
        (4, Gen.Constant(StepKind.TopUp)),
        (5, Gen.Constant(StepKind.Reverse)),
        (1, Gen.Constant(StepKind.Suspend)),
        (3, Gen.Constant(StepKind.Resume)),
        (4, Gen.Constant(StepKind.Look)),
        (1, Gen.Frequency((1, Gen.Constant(StepKind.Close)), (5, Gen.Constant(StepKind.Resume)))));

    private static Gen<int> Wait => Gen.Frequency(
        (10, Gen.Constant(0)),
        (10, Gen.Choose(1, 2_000)),
        (6, Gen.Choose(2_000, 90_000)),
        (2, Gen.Choose(90_000, 7_200_000)),
        (2, Gen.Choose(7_200_000, 90_000_000)),
        (1, Gen.Choose(90_000_000, 400_000_000)),
        (1, Gen.Choose(-100_000, -1)));

    private static Gen<Step> Step =>
        from kind in Kind
        from who in Gen.Choose(0, 30)
        from amount in Gen.Choose(0, 12)
        from more in Gen.Choose(0, 12)
        from wait in Wait
        select new Step(kind, who, amount, more, wait);

    public static Arbitrary<Step[]> Stories => Arb.From(
        from length in Gen.Choose(1, 45)
        from steps in Gen.ArrayOf(Step, length)
        select steps, Shorter);

    /// <summary>Halves first, then single steps left out.</summary>
    private static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        for (var size = steps.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= steps.Length; at += size) yield return [.. steps[..at], .. steps[(at + size)..]];
        }
    }
}
