using Enforcer.Journal;
using Enforcer.Ledger;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>A question to a peer that is no command.</summary>
internal sealed class PeerQuestion(V1.NodeQuestion question, long deadline, WorkPool work) : PeerRequest(deadline), IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<V1.NodeAnswer> _answer = new();
    private V1.NodeAnswer? _told;
    private Exception? _failure;

    /// <summary>The answer.</summary>
    /// <exception cref="PeerLostException">The connection broke first; the question may be asked again.</exception>
    /// <exception cref="JournalUnavailableException">There was none in time.</exception>
    public Task<V1.NodeAnswer> Answer => _answer.Task;

    public override void WriteTo(FrameBuffer frame, ulong number, long now)
    {
        question.Number = number;
        frame.Write(PeerFields.Questions, question);
    }

    public override void Complete(in Outcome outcome) => Lose();

    public override void Complete(V1.NodeAnswer answer)
    {
        _told = answer;
        work.Queue(this);
    }

    public override void Lose() => Fail(new PeerLostException("The connection to the account's owner broke."));

    public override void Expire() => Fail(new JournalUnavailableException("The account's owner did not answer in time; ask again."));

    void IThreadPoolWorkItem.Execute()
    {
        if (_told is { } answer) _answer.SetResult(answer);
        else _answer.SetException(_failure!);
    }

    private void Fail(Exception failure)
    {
        _failure = failure;
        work.Queue(this);
    }
}
