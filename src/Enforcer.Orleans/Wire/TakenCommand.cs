using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>One of several commands that a caller had at hand, on its way to where its account was last: what becomes of it goes to the caller's taker.</summary>
internal sealed class TakenCommand(OrleansEngine engine, AccountTarget target, in Command command, ulong takenAs, IExecutionTaker taker, long deadline)
    : PeerRequest(deadline)
{
    private readonly Command _command = command;

    public override void WriteTo(FrameBuffer frame, ulong number, long now) =>
        CommandCodec.Write(frame, PeerFields.Commands, number, target.Number, _command, engine.MillisecondsUntil(Deadline, now), engine.Calls);

    public override void Complete(in Outcome outcome) => Take(new Execution(outcome, default));

    /// <summary>It is not there, or nobody knows: it is looked for.</summary>
    public override void Complete(V1.NodeAnswer answer) => Lose();

    public override void Lose() => _ = AskAsync();

    public override void Expire() => Take(new Execution(Outcome.Refuse(Refusal.Unavailable, 0), default));

    private async Task AskAsync() => Take(await engine.AskAsync(target.Number, _command, Deadline).ConfigureAwait(false));

    private void Take(in Execution execution) => taker.Take(takenAs, target, _command, execution);
}
