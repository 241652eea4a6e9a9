using Enforcer.Cluster;
using Enforcer.Ledger;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>A request on its way to a silo.</summary>
/// <remarks>Whoever waits continues on the thread that brings the answer, and must not block it.</remarks>
internal sealed class SentRequest(in AccountRequest request, ICallMessages calls, TimeProvider clock, long deadline) : PeerRequest(deadline)
{
    private readonly AccountRequest _request = request;
    private readonly TaskCompletionSource<AccountAnswer> _told = new();

    /// <summary>What the silo says; that nobody knows, if it says nothing.</summary>
    public Task<AccountAnswer> Answer => _told.Task;

    public override void WriteTo(FrameBuffer frame, ulong number, long now)
    {
        if (_request.Question is { } question)
        {
            question.Number = number;
            frame.Write(PeerFields.Questions, question);
        }
        else
        {
            var timeoutMs = Math.Max(1, (long)clock.GetElapsedTime(now, Deadline).TotalMilliseconds);
            CommandCodec.Write(frame, PeerFields.Commands, number, _request.Account, _request.Command, timeoutMs, calls);
        }
    }

    public override void Complete(in Outcome outcome) => _told.TrySetResult(new AccountAnswer(outcome, null));

    public override void Complete(V1.NodeAnswer answer) => _told.TrySetResult(new AccountAnswer(default, answer));

    public override void Lose() => _told.TrySetResult(AccountAnswer.Unknown);

    public override void Expire() => Lose();
}
