namespace Enforcer.Client;

/// <summary>An answer on its way to its handler, outside of any lock.</summary>
internal struct Completion
{
    public IOutcomeHandler Handler;
    public SessionOutcome Outcome;
    public EnforcerException? Failure;
    public long Mark;
    public long Start;
    public SessionCommandKind Kind;

    public static Completion Of(in Slot slot, in SessionOutcome outcome, EnforcerException? failure) => new()
    {
        Handler = slot.Handler!,
        Outcome = outcome,
        Failure = failure,
        Mark = slot.Command.Mark,
        Start = slot.Start,
        Kind = slot.Command.Kind,
    };

    public readonly void Deliver()
    {
        if (Failure is null)
            Handler.OnOutcome(Mark, Outcome);
        else
            Handler.OnFailure(Mark, Failure);
    }
}
