using Enforcer.Host.Activations;
using Enforcer.Journal.Committing;

namespace Enforcer.Host.Heads;

/// <summary>
/// The accounts whose heads were due at one instant, and how far they are. They are written in the order of their numbers: neighbours share a page of the store,
/// which is then written once and not once for each of them. And they are spread over the time until heads are due again: all at once would be a wave
/// that commands wait behind, one in a hundred of them for many times as long as the others.
/// </summary>
/// <param name="due">The accounts; the round keeps the list.</param>
/// <param name="startMs">When they were taken, in ms.</param>
/// <param name="endMs">When all of them are to be written.</param>
internal sealed class HeadRound(List<Activation> due, long startMs, long endMs)
{
    private const int AtLeast = 64;
    private const int Together = 256;
    private readonly List<Activation> _due = Sorted(due);
    private int _done;

    /// <summary>Whether nothing is left to write.</summary>
    public bool IsDone => _done == _due.Count;

    /// <summary>Writes what is to be written until an instant. If that fails, all that is left is due in a later round.</summary>
    public async Task WriteUntilAsync(long untilMs, AccountHost host, JournalHeads heads, CancellationToken cancel)
    {
        var share = ShareUntil(untilMs);
        try
        {
            while (_done < share)
            {
                var slice = _due.GetRange(_done, Math.Min(Together, share - _done));
                _done += slice.Count;
                await DueHeads.WriteAsync(host, heads, slice, cancel).ConfigureAwait(false);
            }
        }
        catch
        {
            // What was in the slice is due again by itself.
            PutBack(host);
            throw;
        }
    }

    /// <summary>Gives the round up: what is left is due in a later one.</summary>
    public void PutBack(AccountHost host)
    {
        for (; _done < _due.Count; _done++) host.Context.Changed.Enqueue(_due[_done]);
    }

    /// <summary>How many are to be written until an instant, in proportion to the time that is over; few accounts are not spread thin.</summary>
    private int ShareUntil(long untilMs)
    {
        if (untilMs >= endMs) return _due.Count;
        var share = untilMs <= startMs ? 0 : (int)(_due.Count * (untilMs - startMs) / (endMs - startMs));
        return Math.Min(_due.Count, Math.Max(share, _done + AtLeast));
    }

    private static List<Activation> Sorted(List<Activation> due)
    {
        due.Sort(static (a, b) => a.Account.CompareTo(b.Account));
        return due;
    }
}
