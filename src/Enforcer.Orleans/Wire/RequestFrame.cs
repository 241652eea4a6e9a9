using Enforcer.Cluster;
using Enforcer.Grpc;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>Requests that leave for a silo together, as nodes ask each other (<c>enforcer.v1.PeerRequests</c>), and those who wait for the answers.</summary>
/// <remarks>Whoever waits continues on the thread that brings the answer, and must not block it.</remarks>
internal sealed class RequestFrame
{
    private readonly FrameBuffer _bytes = new();
    private readonly List<(TaskCompletionSource<AccountAnswer> Told, long Deadline)> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>True if more would make it too long.</summary>
    public bool IsFull => _bytes.Length >= PeerFields.FullFrameBytes;

    public byte[] ToBytes() => _bytes.Written.ToArray();

    /// <summary>Adds a request; the answer is told once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="deadline">The clock's timestamp at which nobody waits any more.</param>
    /// <param name="timeoutMs">How long that is from now.</param>
    /// <param name="calls">Writes what commands say of their calls.</param>
    public Task<AccountAnswer> Add(in AccountRequest request, long deadline, long timeoutMs, ICallMessages calls)
    {
        request.WriteTo(_bytes, (ulong)_waiting.Count, timeoutMs, calls);
        var told = new TaskCompletionSource<AccountAnswer>();
        _waiting.Add((told, deadline));
        return told.Task;
    }

    /// <summary>Tells the answers (<c>enforcer.v1.PeerAnswers</c>); what a newer version adds is passed over, and who is not answered is told that.</summary>
    public void Complete(ReadOnlySpan<byte> answers)
    {
        var reader = new WireReader(answers, GrpcStatus.Internal);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case PeerFields.OutcomesTag:
                    var outcome = OutcomeCodec.Read(reader.ReadBytes(), out var number);
                    Tell(number, new AccountAnswer(outcome, null));
                    break;
                case PeerFields.AnswersTag:
                    var answer = V1.NodeAnswer.Parser.ParseFrom(reader.ReadBytes());
                    Tell(answer.Number, new AccountAnswer(default, answer));
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        Lose();
    }

    /// <summary>Whoever has no answer gets none: whether anything took effect, nobody knows.</summary>
    public void Lose()
    {
        foreach (var (told, _) in _waiting) told.TrySetResult(AccountAnswer.Unknown);
    }

    /// <summary>Adds those whose time is over to a list.</summary>
    public void FindExpired(long now, List<TaskCompletionSource<AccountAnswer>> expired)
    {
        foreach (var (told, deadline) in _waiting)
        {
            if (deadline <= now) expired.Add(told);
        }
    }

    private void Tell(ulong number, in AccountAnswer answer)
    {
        if (number < (ulong)_waiting.Count) _waiting[(int)number].Told.TrySetResult(answer);
    }
}
