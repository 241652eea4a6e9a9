using System.Runtime.CompilerServices;
using Enforcer.Host;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Server.Edges;
using Enforcer.Server.Wire;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>
/// Entries as people read them: an account's by walking its history back, so the newest come first and cost least; an operation's by reading
/// the journal from the id's own time on.
/// </summary>
internal sealed class OperatorLedger(IAccountEngine host, OperatorAccounts accounts, AccountCatalog catalog, JournalScan scan, LedgerOptions options)
{
    private const int DefaultLimit = 1_000;
    private const int MaxAscending = 100_000;

    public async IAsyncEnumerable<V1.LedgerEntry> QueryAsync(V1.QueryLedgerRequest request, OperatorCall call)
    {
        if (request.Limit < 0) throw Faults.Invalid($"limit is {request.Limit}; give 1 or more, or 0 for {DefaultLimit}.");
        var limit = request.Limit == 0 ? DefaultLimit : request.Limit;
        var target = await accounts.FindAsync(request.Account, call).ConfigureAwait(false);
        var matches = MatchesAsync(target.Number, new Filter(request), call.Cancel);
        if (request.Ascending) matches = Reversed(matches, limit);
        await foreach (var entry in matches.ConfigureAwait(false))
        {
            yield return Views.Of(entry, target.Id);
            if (--limit == 0) yield break;
        }
    }

    public async Task<V1.LedgerEntry> FindAsync(V1.FindOperationRequest request, OperatorCall call)
    {
        var id = OperationOf(request.OperationId);
        return await FindEntryAsync(id, call).ConfigureAwait(false) is var (entry, target)
            ? Views.Of(entry, target.Id)
            : throw Faults.NotFound("operation", id.ToString(), "it has made no entry: it was refused, or never arrived.");
    }

    /// <summary>The id that a request names.</summary>
    public static OperationId OperationOf(ByteString operationId)
    {
        var id = EdgeRequests.Id(operationId, "operation_id");
        return id.IsNone ? throw Faults.Invalid("operation_id is missing; give the 16 bytes of the operation's id.") : id;
    }

    /// <summary>The entry that an operation made, and its account; null if it made none.</summary>
    public async Task<(Entry Entry, AccountTarget Target)?> FindEntryAsync(OperationId id, OperatorCall call)
    {
        // No operation takes effect when its id is older than what is remembered.
        var latest = id.TimeMs + options.RetentionMs;
        await foreach (var found in scan.FindAsync(id, options.FutureToleranceMs, latest, call.Cancel).ConfigureAwait(false))
        {
            if (found.Entry.OperationId == id && await catalog.FindAsync(found.Account, call.Cancel).ConfigureAwait(false) is { } target)
                return (found.Entry, target);
        }
        return null;
    }

    private async IAsyncEnumerable<Entry> MatchesAsync(long account, Filter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var entry in host.ReadLedgerAsync(account, cancel).ConfigureAwait(false))
        {
            if (filter.IsBefore(entry)) yield break;
            if (filter.Matches(entry)) yield return entry;
        }
    }

    /// <summary>Oldest first: all that match must be there before the first can be shown, so that is bounded.</summary>
    private static async IAsyncEnumerable<Entry> Reversed(IAsyncEnumerable<Entry> newestFirst, int limit)
    {
        var entries = new List<Entry>();
        await foreach (var entry in newestFirst.ConfigureAwait(false))
        {
            entries.Add(entry);
            if (entries.Count > MaxAscending)
                throw Faults.Invalid($"ascending is set, but more than {MaxAscending} entries match; narrow from_ms and to_ms, or leave it out.");
        }
        for (var i = entries.Count - 1; i >= 0 && limit-- > 0; i--) yield return entries[i];
    }

    private sealed class Filter(V1.QueryLedgerRequest request)
    {
        private readonly OperationId _operation = EdgeRequests.Id(request.OperationId, "operation_id");
        private readonly OperationId _reservation = EdgeRequests.Id(request.ReservationId, "reservation_id");
        private readonly HashSet<EntryKind> _kinds = [.. request.Kinds.Select(Known)];

        public bool IsBefore(in Entry entry) => entry.AtMs < request.FromMs;

        public bool Matches(in Entry entry) =>
            (request.ToMs == 0 || entry.AtMs < request.ToMs)
            && (_operation.IsNone || entry.OperationId == _operation)
            && (_reservation.IsNone || entry.ReservationId == _reservation)
            && (_kinds.Count == 0 || _kinds.Contains(entry.Kind))
            && (request.ModelPattern.Length == 0 || ModelPatterns.Matches(request.ModelPattern, entry.Model));

        private static EntryKind Known(V1.EntryKind kind) => kind != V1.EntryKind.Unspecified && Enum.IsDefined(kind)
            ? (EntryKind)kind
            : throw Faults.Invalid($"kinds has {(int)kind}; give kinds of entries such as RESERVATION_COMMITTED, or none for all.");
    }
}
