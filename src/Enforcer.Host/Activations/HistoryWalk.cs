using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Host.Activations;

/// <summary>
/// Parked commands of one account that one walk back through its history serves, and what the walk finds for each of them. No two speak of the same
/// operation or reservation: what is found for one is as true after the others were decided as it was before.
/// </summary>
internal sealed class HistoryWalk
{
    /// <summary>How much further back than asked a walk goes, so that callers with slightly slower clocks do not start another.</summary>
    private const long MarginMs = 5_000;

    private readonly List<ParkedCommand> _commands = [];
    private readonly Dictionary<OperationId, Entry?> _operations = [];
    private readonly Dictionary<OperationId, List<Entry>> _reservations = [];

    private HistoryWalk()
    {
    }

    /// <summary>The commands, in the order in which they came.</summary>
    public IReadOnlyList<ParkedCommand> Commands => _commands;

    /// <summary>The walk passes every entry after this moment, Unix ms.</summary>
    public long SinceMs { get; private set; } = long.MaxValue;

    /// <summary>For the first that wait, up to one that speaks of the same as another before it.</summary>
    public static HistoryWalk ForFirstOf(Queue<ParkedCommand> waiting, long futureToleranceMs)
    {
        var walk = new HistoryWalk();
        foreach (var parked in waiting)
        {
            if (!walk.TryAdd(parked, futureToleranceMs)) break;
        }
        return walk;
    }

    /// <summary>Takes note of an entry; they come newest first.</summary>
    public void Pass(in Entry entry)
    {
        if (_operations.ContainsKey(entry.OperationId)) _operations[entry.OperationId] = entry;
        if (_reservations.TryGetValue(entry.ReservationId, out var entries)) entries.Add(entry);
    }

    /// <summary>What the entries that were passed say about one of the commands.</summary>
    public History FindingsFor(in Command command)
    {
        var operation = _operations[command.OperationId];
        if (command.ReservationId.IsNone) return new History(operation, null);
        var reservation = new ReservationHistory(command.ReservationId);
        var entries = _reservations[command.ReservationId];
        for (var i = entries.Count - 1; i >= 0; i--) reservation.Add(entries[i]);
        return new History(operation, reservation);
    }

    private bool TryAdd(ParkedCommand parked, long futureToleranceMs)
    {
        var (operation, reservation) = (parked.Command.OperationId, parked.Command.ReservationId);
        if (IsNamed(operation) || IsNamed(reservation)) return false;
        _commands.Add(parked);
        _operations.Add(operation, null);
        if (!reservation.IsNone) _reservations.Add(reservation, []);
        // An operation executed at A has an id time of at most A + tolerance: nothing of it is older than this.
        var earliest = operation.TimeMs - futureToleranceMs - MarginMs;
        if (!reservation.IsNone) earliest = Math.Min(earliest, reservation.TimeMs - futureToleranceMs);
        SinceMs = Math.Min(SinceMs, earliest);
        return true;
    }

    private bool IsNamed(OperationId id) => _operations.ContainsKey(id) || _reservations.ContainsKey(id);
}
