using System.Runtime.CompilerServices;
using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres;

namespace Enforcer.Server.Nodes;

/// <summary>Looks for an operation in the whole journal: in a folder that is one stream, in a database one for each node there ever was.</summary>
/// <param name="store">This server's own part of the journal.</param>
/// <param name="postgres">The database, if it is one.</param>
internal sealed class JournalScans(IJournalStore store, PostgresOptions? postgres)
{
    /// <summary>Every entry that names the operation, see <see cref="JournalScan.FindAsync"/>; one node's after the other's.</summary>
    public async IAsyncEnumerable<FoundEntry> FindAsync(OperationId id, long clockSkewMs, long throughMs, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (store is not PostgresJournalStore shared || postgres is null)
        {
            await foreach (var found in new JournalScan(store).FindAsync(id, clockSkewMs, throughMs, cancel).ConfigureAwait(false)) yield return found;
            yield break;
        }
        foreach (var node in await shared.Ownership.ReadNodesAsync(cancel).ConfigureAwait(false))
        {
            var stream = PostgresJournalStore.ReadNode(postgres with { Node = node.Node });
            await using var _ = stream.ConfigureAwait(false);
            await stream.OpenAsync("", cancel).ConfigureAwait(false);
            await foreach (var found in new JournalScan(stream).FindAsync(id, clockSkewMs, throughMs, cancel).ConfigureAwait(false)) yield return found;
        }
    }
}
