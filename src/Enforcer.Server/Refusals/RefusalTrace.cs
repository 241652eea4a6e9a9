using Enforcer.Ledger;

namespace Enforcer.Server.Refusals;

/// <summary>
/// The latest refusals that this node has answered its edges with, so that they can be explained: a refusal has no effect and is in no journal.
/// Kept in memory alone, in room that is taken once; the oldest make place for new ones.
/// </summary>
/// <remarks>An operation's id says in which ring it is, so that edges refused at the same time seldom meet, and finding one looks through one ring.</remarks>
internal sealed class RefusalTrace
{
    /// <summary>How many are kept, give or take what chance puts into one ring.</summary>
    public const int Bound = Rings * RingLength;

    private const int Rings = 8;
    private const int RingLength = 512;
    private readonly Ring[] _rings = [.. Enumerable.Range(0, Rings).Select(_ => new Ring())];

    /// <summary>Remembers a refusal. Allocates nothing.</summary>
    public void Note(in AskedOperation asked, long atMs, string account, in Outcome outcome)
    {
        // Nobody knows whether these took effect, so no limit has refused them: the journal will tell.
        if (outcome.Refusal is Refusal.Unavailable or Refusal.Busy) return;
        RingOf(asked.Id).Add(new RefusedOperation(asked, atMs, account, outcome));
    }

    /// <summary>The latest refusal of an operation; false if none is remembered.</summary>
    public bool TryFind(OperationId id, out RefusedOperation refused) => RingOf(id).TryFind(id, out refused);

    private Ring RingOf(OperationId id) => _rings[(int)(id.Low % Rings)];

    private sealed class Ring
    {
        private readonly RefusedOperation[] _kept = new RefusedOperation[RingLength];
        private readonly Lock _gate = new();
        private int _next;

        public void Add(in RefusedOperation refused)
        {
            lock (_gate)
            {
                _kept[_next] = refused;
                _next = (_next + 1) % RingLength;
            }
        }

        public bool TryFind(OperationId id, out RefusedOperation refused)
        {
            lock (_gate)
            {
                for (var back = 1; back <= RingLength; back++)
                {
                    refused = _kept[(_next - back + RingLength) % RingLength];
                    if (refused.Asked.Id == id) return true;
                }
            }
            refused = default;
            return false;
        }
    }
}
