using Enforcer.Grpc;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Edges.Wire;
using Enforcer.Server.Observability;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>
/// Answers that leave together: already in the form of the wire, but not to be told before the newest of their tickets is
/// durable. Used again and again by one session.
/// </summary>
internal sealed class AnswerBatch
{
    /// <summary>The most answers in one batch.</summary>
    public const int MaxAnswers = 512;

    private readonly ulong[] _numbers = new ulong[MaxAnswers];
    private readonly TallySheet _sheet = new();
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public int Count { get; private set; }

    /// <summary>When the first of their commands was read, as a timestamp; 0 for answers that came late and were gathered.</summary>
    public long ReadAt { get; set; }

    /// <summary>How many answers follow from elsewhere, as <see cref="LateAnswers"/>, for which there is room.</summary>
    public int Promised { get; private set; }

    /// <summary>True if there is no room for another answer besides those that were promised.</summary>
    public bool IsFull => Count + Promised >= MaxAnswers;

    /// <summary>What must be durable before these answers are told.</summary>
    public AppendTicket Ticket { get; private set; }

    /// <summary>
    /// True if waiting for one ticket covers this one too. Tickets of different generations cannot stand for each other: the
    /// numbers of batches that were lost are used again.
    /// </summary>
    public bool CoversWith(AppendTicket ticket) => Ticket.Batch == 0 || ticket.Batch == 0 || Ticket.Generation == ticket.Generation;

    /// <summary>An answer follows from elsewhere.</summary>
    public void Promise() => Promised++;

    /// <summary>Adds the answer to a command.</summary>
    public void Add(ulong number, CommandKind kind, in Outcome outcome, AppendTicket ticket, string? account)
    {
        if (ticket.Batch > Ticket.Batch) Ticket = ticket;
        Add(number, kind, outcome, new RefusalText(account, RefusalWords.Of(outcome)));
    }

    /// <summary>Adds an answer that stands on nothing.</summary>
    public void Add(ulong number, CommandKind kind, in Outcome outcome, in RefusalText text)
    {
        var most = OutcomeWriter.MaxBytes(outcome, text);
        if (_bytes.Length - _length < most) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + most));
        _length += OutcomeWriter.Write(_bytes.AsSpan(_length), number, outcome, text);
        _numbers[Count++] = number;
        _sheet.Add(kind, outcome.Refusal);
    }

    /// <summary>What these answers stand on is lost: nobody knows which took effect, so none is told.</summary>
    public void TurnIntoUnavailable()
    {
        var outcome = Outcome.Refuse(Refusal.Unavailable, 0);
        var text = new RefusalText(null, RefusalWords.Unavailable);
        var count = Count;
        _length = 0;
        Count = 0;
        _sheet.Refuse(Refusal.Unavailable);
        for (var i = 0; i < count; i++)
        {
            var most = OutcomeWriter.MaxBytes(outcome, text);
            if (_bytes.Length - _length < most) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + most));
            _length += OutcomeWriter.Write(_bytes.AsSpan(_length), _numbers[i], outcome, text);
            Count++;
        }
    }

    /// <summary>Gives the answers to the stream as one frame, and counts them.</summary>
    public void WriteTo(GrpcStreamWriter<V1.OutcomeBatch> writer, CommandTally tally)
    {
        writer.WriteFrame(_length, this, static (target, batch) =>
        {
            batch._bytes.AsSpan(0, batch._length).CopyTo(target);
            return batch._length;
        });
        _sheet.MoveTo(tally);
    }

    public void Clear()
    {
        _length = 0;
        Count = 0;
        Promised = 0;
        Ticket = default;
        ReadAt = 0;
    }
}
