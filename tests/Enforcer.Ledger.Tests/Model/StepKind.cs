namespace Enforcer.Ledger.Tests.Model;

/// <summary>What a step does.</summary>
public enum StepKind
{
    Reserve,
    Extend,
    CommitPart,
    CommitFinal,
    Release,
    Repeat,
    RepeatOtherwise,
    SetLimits,
    TopUp,
    Reverse,
    Suspend,
    Resume,
    Close,
    Look,
}
