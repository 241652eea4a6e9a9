using System.Diagnostics.Metrics;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Server.Observability;

/// <summary>Counts commands by kind and outcome. Counting touches no instrument; those who look at it add it up.</summary>
internal sealed class CommandTally
{
    /// <summary>Kinds from None to Release: those of an edge.</summary>
    public const int Kinds = 5;

    /// <summary>Refusals from Granted to BelowMarginFloor.</summary>
    public const int Refusals = (int)Refusal.BelowMarginFloor + 1;

    private static readonly string[] KindNames = ["none", "reserve", "extend", "commit", "release"];
    private readonly long[] _counts = new long[Kinds * Refusals];

    public static int Slot(CommandKind kind, Refusal refusal) => ((int)kind * Refusals) + (int)refusal;

    public void Add(CommandKind kind, Refusal refusal) => Add(Slot(kind, refusal), 1);

    public void Add(int slot, int count) => Interlocked.Add(ref _counts[slot], count);

    /// <summary>How many commands of a kind had this outcome.</summary>
    public long this[CommandKind kind, Refusal refusal] => Volatile.Read(ref _counts[Slot(kind, refusal)]);

    /// <summary>What has been counted, with the names of kind and outcome.</summary>
    public IEnumerable<Measurement<long>> Read()
    {
        for (var slot = 0; slot < _counts.Length; slot++)
        {
            var count = Volatile.Read(ref _counts[slot]);
            if (count == 0) continue;
            yield return new Measurement<long>(count,
                new("command", KindNames[slot / Refusals]), new("outcome", OutcomeNames.Of((Refusal)(slot % Refusals))));
        }
    }
}
