using Enforcer.Journal;

namespace Enforcer.Simulation.Storage;

/// <summary>
/// What makes the shared journal safe (decision 8), one rule a method, so that each can be broken on its own to see whether that is found.
/// </summary>
internal class DatabaseRules
{
    /// <summary>An append of a connection that was replaced adds nothing.</summary>
    public virtual bool IsIncarnationRight(NodeRow row, Append append) => row.Incarnation == append.Incarnation;

    /// <summary>An append that does not know of all takings adds nothing.</summary>
    public virtual bool AreRevocationsRight(NodeRow row, Append append) => row.Revocations == append.Revocations;

    /// <summary>What a refused append is told of the accounts that were taken.</summary>
    public virtual IReadOnlyList<long> Taken(IReadOnlyList<long> taken) => taken;

    /// <summary>What stands in the place of the fence; null for the fence itself. Answers the batch to add, null to add nothing.</summary>
    public virtual StoredBatch? Admit(SimDatabase database, NodeRow row, Append append) =>
        IsIncarnationRight(row, append) && AreRevocationsRight(row, append) && IsNext(row, append) ? append.Batch : null;

    /// <summary>Batches are rows, with their hashes; otherwise each record is one.</summary>
    public virtual bool KeepsBatches => true;

    /// <summary>A new connection fences off the one before.</summary>
    public virtual bool RaisesAtConnect => true;

    /// <summary>A takeover fences off the dead node.</summary>
    public virtual bool RaisesAtTakeover => true;

    /// <summary>A takeover completes the heads before accounts may be claimed.</summary>
    public virtual bool CompletesAtTakeover => true;

    /// <summary>Taking reads the last batches while the owner's row is held.</summary>
    public virtual bool ReadsOnWhileHeld => true;

    /// <summary>Taking counts a revocation.</summary>
    public virtual bool RaisesAtTaking => true;

    /// <summary>A head is written if the account still is the writer's.</summary>
    public virtual bool IsHeadWritten(NodeRow row, HeadRow head) => head.Node == row.Node;

    /// <summary>An older snapshot never replaces a newer one.</summary>
    public virtual bool Replaces(AccountHead? known, AccountHead given) => known is null || given.Seq >= known.Seq;

    /// <summary>Where the account ends, after a snapshot was written.</summary>
    public virtual AccountTail EndAfter(HeadRow head, AccountHead given) => given.Seq >= head.End.Seq ? given.End : head.End;

    /// <summary>How far heads are filed to be complete.</summary>
    public virtual long Covered(NodeRow row, long through) => through;

    /// <summary>Only the owner may load an account.</summary>
    public virtual bool IsOwner(HeadRow head, Claim claim) => head.Node == claim.Node;

    /// <summary>Whether a node may still answer from what it has of an account in memory.</summary>
    public virtual bool IsCurrent(NodeRow row, Claim claim, long knownRevocations, long account) =>
        row.Session == claim.Session && !row.Taken.Exists(taken => taken.Account == account && taken.Revocation > knownRevocations);

    /// <summary>What is told of an append whose request never arrived.</summary>
    public virtual AppendResult OfLostRequest(Exception error) => AppendResult.Unknown(error);

    /// <summary>What is written of a batch.</summary>
    public virtual StoredBatch Written(StoredBatch batch) => batch;

    /// <summary>How long before a crash of the database the batches are lost with it, in ticks.</summary>
    public virtual long LostInCrash => 0;

    protected static bool IsNext(NodeRow row, Append append) =>
        row.Tip == append.Batch.Number - 1 && append.PreviousHash.Span.SequenceEqual(row.TipHash);
}
