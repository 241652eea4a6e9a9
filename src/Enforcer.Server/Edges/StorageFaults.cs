using Enforcer.Access;
using Enforcer.Journal;
using Enforcer.Ledger;

namespace Enforcer.Server.Edges;

/// <summary>Which failures mean that the disk, and not the command, is to blame.</summary>
internal static class StorageFaults
{
    /// <summary>True if the caller is told UNAVAILABLE: asking again with the same operation id gets the true answer.</summary>
    public static bool IsUnavailable(Exception failure) =>
        failure is JournalLostException or JournalUnavailableException or JournalElsewhereException or JournalCorruptException or JournalFencedException
            or JournalBrokenException or DirectoryException or LedgerException or IOException or OverflowException;
}
