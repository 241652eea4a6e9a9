using Enforcer.Journal;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Storage;

namespace Enforcer.Simulation.Planting;

/// <summary>The rules of decision 8, each broken on its own.</summary>
internal static class DatabaseFaults
{
    /// <summary>Name, what is wrong, and the rules with that fault.</summary>
    public static IReadOnlyList<(string Name, string What, Func<DatabaseRules> Make)> All { get; } =
    [
        ("incarnation-unchecked", "an append does not check the incarnation", static () => new IncarnationUnchecked()),
        ("revocations-unchecked", "an append does not check the count of revocations", static () => new RevocationsUnchecked()),
        ("takings-untold", "a refused append is not told what was taken", static () => new TakingsUntold()),
        ("connect-raises-nothing", "a new connection does not fence off the one before", static () => new ConnectRaisesNothing()),
        ("takeover-raises-nothing", "a takeover does not raise the incarnation", static () => new TakeoverRaisesNothing()),
        ("takeover-completes-nothing", "a takeover leaves the heads as they are", static () => new TakeoverCompletesNothing()),
        ("taking-reads-early", "taking does not read on while it holds the owner's row", static () => new TakingReadsEarly()),
        ("taking-counts-nothing", "taking raises no count of revocations", static () => new TakingCountsNothing()),
        ("head-lost", "a head is told as written, and is not", static () => new HeadLost()),
        ("old-head-wins", "an older head takes the place of a newer one", static () => new OldHeadWins()),
        ("cursor-ahead", "heads are filed as complete up to the last batch", static () => new CursorAhead()),
        ("anybody-loads", "an account is loaded without a look at who owns it", static () => new AnybodyLoads()),
        ("stale-answers", "a node answers from memory without asking whether it may", static () => new StaleAnswers()),
        ("durable-too-early", "a batch is told as durable before it is on disk", static () => new DurableTooEarly()),
        ("lost-is-durable", "a batch whose request was lost is told as durable", static () => new LostIsDurable()),
        ("last-record-dropped", "the last record of some batches is not written", static () => new LastRecordDropped()),
        ("bare-key-strict", "no fence but a primary key on (account, seq): a conflict refuses everybody's batch", static () => new BareKey(BareKeyMode.Strict)),
        ("bare-key-ignoring", "the same, and conflicts are ignored: later rows slip in behind", static () => new BareKey(BareKeyMode.Ignoring)),
        ("bare-key-archived", "the same, and old rows were archived: nothing conflicts any more", static () => new BareKey(BareKeyMode.Archived)),
    ];

    private sealed class IncarnationUnchecked : DatabaseRules
    {
        public override bool IsIncarnationRight(NodeRow row, Append append) => true;
    }

    private sealed class RevocationsUnchecked : DatabaseRules
    {
        public override bool AreRevocationsRight(NodeRow row, Append append) => true;
    }

    private sealed class TakingsUntold : DatabaseRules
    {
        public override IReadOnlyList<long> Taken(IReadOnlyList<long> taken) => [];
    }

    private sealed class ConnectRaisesNothing : DatabaseRules
    {
        public override bool RaisesAtConnect => false;
    }

    private sealed class TakeoverRaisesNothing : DatabaseRules
    {
        public override bool RaisesAtTakeover => false;
    }

    private sealed class TakeoverCompletesNothing : DatabaseRules
    {
        public override bool CompletesAtTakeover => false;
    }

    private sealed class TakingReadsEarly : DatabaseRules
    {
        public override bool ReadsOnWhileHeld => false;
    }

    private sealed class TakingCountsNothing : DatabaseRules
    {
        public override bool RaisesAtTaking => false;
    }

    private sealed class HeadLost : DatabaseRules
    {
        private int _heads;

        public override bool IsHeadWritten(NodeRow row, HeadRow head) => base.IsHeadWritten(row, head) && ++_heads % 5 != 0;
    }

    private sealed class OldHeadWins : DatabaseRules
    {
        public override bool Replaces(AccountHead? known, AccountHead given) => true;

        public override AccountTail EndAfter(HeadRow head, AccountHead given) => given.End;
    }

    private sealed class CursorAhead : DatabaseRules
    {
        public override long Covered(NodeRow row, long through) => row.Tip;
    }

    private sealed class AnybodyLoads : DatabaseRules
    {
        public override bool IsOwner(HeadRow head, Claim claim) => true;
    }

    private sealed class StaleAnswers : DatabaseRules
    {
        public override bool IsCurrent(NodeRow row, Claim claim, long knownRevocations, long account) => true;
    }

    private sealed class DurableTooEarly : DatabaseRules
    {
        public override long LostInCrash => 20 * World.Millisecond;
    }

    private sealed class LostIsDurable : DatabaseRules
    {
        public override AppendResult OfLostRequest(Exception error) => AppendResult.Appended;
    }

    private sealed class LastRecordDropped : DatabaseRules
    {
        private int _batches;

        public override StoredBatch Written(StoredBatch batch) => ++_batches % 10 == 0 ? Records.WithoutLast(batch) : batch;
    }
}
