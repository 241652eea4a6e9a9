using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>
/// A command on its way to its account's owner. It knows its place among the commands of its account, so that those that have to be sent again are sent
/// in the order in which they came.
/// </summary>
/// <remarks>Whoever waits for it continues on the thread that brings the answer, and must not block it; that is a taker, or whoever awaits the task.</remarks>
internal sealed class RemoteCommand(
    Router router, Route route, AccountTarget target, in Command command, long sequence, long deadline, ulong takenAs, IExecutionTaker? taker)
    : PeerRequest(deadline), IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<Execution>? _done = taker is null ? new() : null;
    private readonly Command _command = command;
    private Task<Execution>? _pending;

    /// <summary>Its account.</summary>
    public AccountTarget Target { get; } = target;

    /// <summary>Where its account's commands go.</summary>
    public Route Route { get; } = route;

    /// <summary>Counts commands in the order in which they came.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>How often it was given to a node.</summary>
    public int Attempts { get; set; }

    public ref readonly Command Command => ref _command;

    /// <summary>What becomes of it: here, or told to its taker.</summary>
    public Execution Execution => _done is null ? Execution.TakenLater : new Execution(_done.Task);

    public override void WriteTo(FrameBuffer frame, ulong number, long now) =>
        CommandCodec.Write(frame, PeerFields.Commands, number, Target.Number, _command, router.MillisecondsUntil(Deadline, now), router.Calls);

    public override void Complete(in Outcome outcome)
    {
        router.Leave(this);
        // The owner has made it durable: there is nothing to wait for here.
        Complete(new Execution(outcome, default));
    }

    public override void Complete(V1.NodeAnswer answer)
    {
        if (answer.Kind == V1.NodeAnswerKind.NotMine) router.Correct(this, answer.Node, answer.Epoch);
        else Complete(Outcome.Refuse(Refusal.Unavailable, 0));
    }

    public override void Lose() => router.Lose(this);

    public override void Expire() => Complete(Outcome.Refuse(Refusal.Unavailable, 0));

    /// <summary>It ends without having been with anybody, or is not with anybody any more.</summary>
    public void Refuse(Refusal refusal) => Complete(new Execution(Outcome.Refuse(refusal, 0), default));

    /// <summary>It was decided.</summary>
    public void Complete(in Execution execution)
    {
        if (_done is null) taker!.Take(takenAs, Target, _command, execution);
        else _done.TrySetResult(execution);
    }

    /// <summary>It failed in this process.</summary>
    public void Fail(Exception exception)
    {
        if (_done is null) Refuse(Refusal.Unavailable);
        else _done.TrySetException(exception);
    }

    /// <summary>Its outcome here follows when the account has been loaded; never within this call, which is made under the route's lock.</summary>
    public void FollowLocally(Task<Execution> pending, WorkPool work)
    {
        _pending = pending;
        pending.ContinueWith(_ => work.Queue(this), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    void IThreadPoolWorkItem.Execute()
    {
        var done = _pending!;
        if (done.Exception?.InnerException is JournalElsewhereException elsewhere)
        {
            router.Correct(this, elsewhere.Node, elsewhere.Epoch);
            return;
        }
        router.Leave(this);
        if (done.IsCompletedSuccessfully) Complete(done.Result);
        else Fail(done.Exception?.InnerException ?? new JournalLostException("The command was given up; ask again with the same operation id."));
    }
}
