using Enforcer.Ledger.Commands;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>
/// One step of a generated story, in small numbers that mean something whatever came before: <paramref name="Who"/> chooses
/// among the reservations made so far. Zero to many of them can be left out and the rest is still a story, so it shrinks well.
/// </summary>
public sealed record Step(StepKind Kind, int Who, int Amount, int More, int WaitMs)
{
    internal CommandKind CommandKind => Kind switch
    {
        StepKind.Reserve => CommandKind.Reserve,
        StepKind.Extend => CommandKind.Extend,
        StepKind.CommitPart or StepKind.CommitFinal => CommandKind.Commit,
        StepKind.Release => CommandKind.Release,
        StepKind.SetLimits => CommandKind.SetLimits,
        StepKind.TopUp => CommandKind.TopUp,
        StepKind.Suspend => CommandKind.Suspend,
        StepKind.Resume => CommandKind.Resume,
        StepKind.Close => CommandKind.Close,
        StepKind.Reverse => CommandKind.Reverse,
        _ => CommandKind.Expire,
    };
}
