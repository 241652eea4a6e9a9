using Enforcer.Journal;
using Enforcer.Simulation.Storage;

namespace Enforcer.Simulation.Planting;

/// <summary>No fencing row, only a primary key on (account, seq): what many would do first.</summary>
internal sealed class BareKey(BareKeyMode mode) : DatabaseRules
{
    private const int NotArchived = 12;
    private readonly HashSet<(long Account, long Seq)> _keys = [];
    private readonly Queue<List<(long Account, long Seq)>> _batches = new();

    public override bool KeepsBatches => false;

    public override bool RaisesAtTakeover => false;

    public override bool RaisesAtTaking => false;

    public override StoredBatch? Admit(SimDatabase database, NodeRow row, Append append)
    {
        if (!IsNext(row, append)) return null;
        var keys = Records.KeysOf(append.Batch);
        var conflicts = keys.Where(_keys.Contains).ToHashSet();
        if (mode == BareKeyMode.Strict && conflicts.Count > 0) return null;
        _keys.UnionWith(keys);
        _batches.Enqueue(keys);
        if (mode == BareKeyMode.Archived && _batches.Count > NotArchived) _keys.ExceptWith(_batches.Dequeue());
        return conflicts.Count == 0 ? append.Batch : Records.Without(append.Batch, conflicts);
    }
}
