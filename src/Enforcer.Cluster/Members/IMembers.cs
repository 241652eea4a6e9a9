using Enforcer.Journal;

namespace Enforcer.Cluster;

/// <summary>
/// The registry of nodes, which all of them can read and each writes its own row of. It touches nothing that appends need.
/// </summary>
public interface IMembers
{
    /// <summary>Makes the node's row, or makes it this process's; from now on no other process's heartbeats under this name arrive.</summary>
    /// <exception cref="JournalUnavailableException">The registry cannot be reached.</exception>
    Task JoinAsync(MemberBeat beat, CancellationToken cancel);

    /// <summary>Tells that the node lives, if the row is still this process's, and reads all nodes, those that only the journal knows included.</summary>
    /// <exception cref="JournalUnavailableException">The registry cannot be reached; the heartbeat may have arrived nevertheless.</exception>
    Task<IReadOnlyList<MemberRow>> BeatAsync(MemberBeat beat, CancellationToken cancel);

    /// <summary>Takes the node's row away, if it is still this process's.</summary>
    /// <exception cref="JournalUnavailableException">The registry cannot be reached.</exception>
    Task LeaveAsync(MemberBeat beat, CancellationToken cancel);

    /// <summary>Says that a node is to give its accounts to others, or may have its share again. False: there is no such node.</summary>
    /// <exception cref="JournalUnavailableException">The registry cannot be reached.</exception>
    Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel);
}
