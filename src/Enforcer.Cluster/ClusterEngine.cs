using System.Runtime.CompilerServices;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>
/// All accounts of a cluster, whichever node holds them: those in this process's memory are commanded as if there were no others, everything else goes to
/// its owner.
/// </summary>
/// <remarks>
/// Why nothing old is told: a grant stands on an append, which the journal's fence has let in. A refusal or a balance stands on memory alone; so before
/// any answer leaves, this node makes sure that it had not been replaced after the decision (<see cref="Membership"/>), and before a balance leaves, that
/// the account's head still names this node.
/// </remarks>
public sealed class ClusterEngine : IAccountEngine
{
    private readonly AccountHost _local;
    private readonly Membership _membership;
    private readonly IOwnership _ownership;
    private readonly Router _router;
    private readonly OwnerQuestions _questions;
    private readonly LedgerOptions _ledger;
    private readonly TimeProvider _clock;

    internal ClusterEngine(
        AccountHost local, Membership membership, IOwnership ownership, Router router, OwnerQuestions questions, LedgerOptions ledger, TimeProvider clock)
    {
        _local = local;
        _membership = membership;
        _ownership = ownership;
        _router = router;
        _questions = questions;
        _ledger = ledger;
        _clock = clock;
    }

    /// <inheritdoc/>
    public HostOptions Options => _local.Options;

    /// <summary>What this node holds itself.</summary>
    internal AccountHost Local => _local;

    /// <inheritdoc/>
    public Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs = long.MaxValue) =>
        _router.Start(target, command, nowMs, deadlineMs);

    /// <inheritdoc/>
    public Execution StartOne(AccountTarget target, in Command command, long nowMs, ulong number, IExecutionTaker taker, OutboundCommands outbound) =>
        _router.Start(target, command, nowMs, long.MaxValue, number, taker, outbound);

    /// <inheritdoc/>
    public ValueTask WhenDurableAsync(AppendTicket ticket)
    {
        var durable = _local.WhenDurableAsync(ticket);
        // The lease is looked at after the decision and after the disk: it covers both.
        return durable.IsCompletedSuccessfully ? _membership.RequireCurrentAsync() : ThenCurrentAsync(durable);
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel = default)
    {
        var execution = Start(new AccountTarget(account, ""), command, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (execution.Pending is { } pending) execution = await pending.WaitAsync(cancel).ConfigureAwait(false);
        await WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
        return execution.Outcome;
    }

    /// <inheritdoc/>
    public Task<AccountReading> ReadAsync(long account, CancellationToken cancel = default) => _questions.AskOwnerAsync(
        account, token => ReadHereAsync(account, token), V1.NodeQuestionKind.ReadAccount, answer => ReadingMessages.Read(account, answer.Reading), cancel);

    /// <inheritdoc/>
    public Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel = default) =>
        ReservationReading.FindAsync(ReadLedgerAsync(account, cancel), id, _ledger);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ReadLedgerAsync(long account, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // The owner says where the journal ends; from there on every node can read it.
        var tail = await _questions.AskOwnerAsync(
            account, token => ReadTailHereAsync(account, token), V1.NodeQuestionKind.ReadTail, answer => TailOf(account, answer.Tail), cancel).ConfigureAwait(false);
        await foreach (var entry in _local.ReadLedgerAsync(tail, cancel).ConfigureAwait(false)) yield return entry;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<long> ReadActiveAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var account in _local.ReadActiveAsync(cancel).ConfigureAwait(false)) yield return account;
        foreach (var node in _membership.View.Nodes.Where(node => node.IsServing && node.Node != _membership.Node))
        {
            var question = new V1.NodeQuestion { Kind = V1.NodeQuestionKind.ReadActive };
            var answer = await _questions.TryAskAsync(node.Node, question, _router.DeadlineOf(0, long.MaxValue), cancel).ConfigureAwait(false);
            foreach (var account in answer?.Accounts ?? []) yield return account;
        }
    }

    /// <inheritdoc/>
    public bool MayBeActive(long account) => _local.MayBeActive(account) || _router.PlaceOf(account, null) != _membership.Node;

    /// <summary>Reads an account that is this node's, and makes sure that it was when it was read.</summary>
    /// <exception cref="JournalElsewhereException">It is another node's.</exception>
    internal async Task<AccountReading> ReadHereAsync(long account, CancellationToken cancel)
    {
        var reading = await _local.ReadAsync(account, cancel).ConfigureAwait(false);
        await RequireMineAsync(account, cancel).ConfigureAwait(false);
        return reading;
    }

    /// <summary>Reads where the journal of an account ends that is this node's.</summary>
    /// <exception cref="JournalElsewhereException">It is another node's.</exception>
    internal async Task<AccountTail> ReadTailHereAsync(long account, CancellationToken cancel)
    {
        var tail = await _local.ReadTailAsync(account, cancel).ConfigureAwait(false);
        await RequireMineAsync(account, cancel).ConfigureAwait(false);
        return tail;
    }

    private static AccountTail TailOf(long account, V1.NodeTail tail) =>
        new() { Account = account, Seq = tail.Seq, LastBatch = tail.Batch, Crc = tail.Crc, IsForeign = true };

    private async Task RequireMineAsync(long account, CancellationToken cancel)
    {
        if (await _ownership.IsMineAsync(account, cancel).ConfigureAwait(false)) return;
        throw new JournalLostException("The account went to another node while it was read; ask again.");
    }

    private async ValueTask ThenCurrentAsync(ValueTask durable)
    {
        await durable.ConfigureAwait(false);
        await _membership.RequireCurrentAsync().ConfigureAwait(false);
    }
}
