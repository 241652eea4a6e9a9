using Enforcer.Journal;
using Enforcer.Ledger;

namespace Enforcer.Cluster;

/// <summary>Answers to a peer that leave together, once the newest of what they stand on is durable.</summary>
internal sealed class AnswerFrame
{
    private readonly List<ulong> _numbers = [];

    /// <summary>The answers as they are sent.</summary>
    public FrameBuffer Bytes { get; } = new();

    /// <summary>What must be durable first.</summary>
    public AppendTicket Ticket { get; private set; }

    /// <summary>True if more would make it too long.</summary>
    public bool IsFull => Bytes.Length >= PeerFields.FullFrameBytes;

    /// <summary>True if waiting for one ticket covers this one too; those of different generations cannot stand for each other.</summary>
    public bool CoversWith(AppendTicket ticket) => Ticket.Batch == 0 || ticket.Batch == 0 || Ticket.Generation == ticket.Generation;

    public void Add(ulong number, in Outcome outcome, AppendTicket ticket)
    {
        if (ticket.Batch > Ticket.Batch) Ticket = ticket;
        _numbers.Add(number);
        OutcomeCodec.Write(Bytes, PeerFields.Outcomes, number, outcome);
    }

    /// <summary>What the outcomes stand on is lost, or may be: none is told.</summary>
    public void TurnIntoUnavailable()
    {
        Bytes.Clear();
        foreach (var number in _numbers) OutcomeCodec.Write(Bytes, PeerFields.Outcomes, number, Outcome.Refuse(Refusal.Unavailable, 0));
    }

    public void Clear()
    {
        Bytes.Clear();
        _numbers.Clear();
        Ticket = default;
    }
}
