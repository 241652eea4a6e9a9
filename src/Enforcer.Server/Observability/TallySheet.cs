using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Server.Observability;

/// <summary>Counts for one batch, moved to the <see cref="CommandTally"/> in one go, so that threads seldom meet there.</summary>
internal sealed class TallySheet
{
    private readonly int[] _counts = new int[CommandTally.Kinds * CommandTally.Refusals];

    public void Add(CommandKind kind, Refusal refusal) => _counts[CommandTally.Slot(kind, refusal)]++;

    /// <summary>Everything counted so far had this outcome instead.</summary>
    public void Refuse(Refusal refusal)
    {
        for (var kind = 0; kind < CommandTally.Kinds; kind++)
        {
            var row = _counts.AsSpan(kind * CommandTally.Refusals, CommandTally.Refusals);
            var sum = 0;
            foreach (var count in row) sum += count;
            row.Clear();
            row[(int)refusal] = sum;
        }
    }

    public void MoveTo(CommandTally tally)
    {
        for (var slot = 0; slot < _counts.Length; slot++)
        {
            if (_counts[slot] == 0) continue;
            tally.Add(slot, _counts[slot]);
            _counts[slot] = 0;
        }
    }
}
