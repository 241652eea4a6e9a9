using System.Collections.Concurrent;
using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;

namespace Enforcer.Orleans;

/// <summary>
/// The accounts of this silo: how they come to it, how they leave it, and what may be told of them. Ownership is the account's head in the journal, not
/// the grain; so nothing here relies on there being one grain only.
/// </summary>
/// <remarks>
/// <para>Why nothing old is told: a grant stands on an append, which the journal's fence has let in. A refusal or a balance stands on memory alone; so
/// before it leaves, this silo asks the database whether anything was taken from it, and if so, whether this account was; and the account must have been in
/// memory from the decision until then.</para>
/// <para>Why an account in memory is never older than its head allows, if the head names this node: an account is taken from another node only while it
/// is marked as departing here, so what was in memory from an earlier time has left before it is this node's again.</para>
/// </remarks>
internal sealed class OwnedAccounts
{
    private const int MostAttempts = 16;
    private readonly SiloParts _parts;
    private readonly DeadNodes _dead;
    private readonly TimeProvider _clock;
    private readonly Rounds<long, bool> _currency;
    private readonly ConcurrentDictionary<string, Rounds<long, bool>> _takes = new();

    public OwnedAccounts(SiloParts parts, DeadNodes dead, TimeProvider clock)
    {
        (_parts, _dead, _clock) = (parts, dead, clock);
        _currency = new Rounds<long, bool>(_ => parts.Store.IsCurrentAsync(CancellationToken.None).AsTask());
    }

    public AccountHost Host => _parts.Host;

    /// <summary>What commands of other silos are handed to: those accounts, behind what prices calls.</summary>
    public IAccountEngine Served => _parts.Served;

    /// <summary>How what commands say of their calls travels.</summary>
    public ICallMessages Calls => _parts.Calls;

    public long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes an account this silo's, whoever has it: nobody, a dead node, or a living one that may or may not know.</summary>
    private async Task ClaimAsync(long account, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var owner = await _parts.Store.Ownership.ClaimAsync(account, cancel).ConfigureAwait(false);
            if (owner.IsMine) return;
            if (await _dead.ReplaceAsync(owner.Node, cancel).ConfigureAwait(false)) continue;
            var takes = _takes.GetOrAdd(owner.Node, node => new Rounds<long, bool>(accounts => TryTakeAsync(node, accounts)));
            await takes.JoinAsync(account).WaitAsync(cancel).ConfigureAwait(false);
        }
        throw new JournalUnavailableException($"Others take account {account} whenever this node has it; ask again.");
    }

    /// <summary>Makes an account this silo's, and brings it into memory.</summary>
    /// <exception cref="JournalUnavailableException">The database does not answer, or others want the account at the same time; ask again.</exception>
    /// <exception cref="JournalElsewhereException">It was taken meanwhile; ask again.</exception>
    /// <exception cref="JournalFencedException">This silo was replaced itself.</exception>
    public async Task BringAsync(long account, CancellationToken cancel)
    {
        await ClaimAsync(account, cancel).ConfigureAwait(false);
        await Host.ReadTailAsync(account, cancel).ConfigureAwait(false);
    }

    /// <summary>Lets an account leave memory: everything decided is durable and its head written when this completes.</summary>
    /// <exception cref="JournalLostException">What had been decided was lost.</exception>
    /// <exception cref="JournalUnavailableException">The head could not be written.</exception>
    public async Task LetGoAsync(long account, CancellationToken cancel)
    {
        using var departure = await Departure.BeginAsync(Host, _parts.Heads, [account], cancel).ConfigureAwait(false);
    }

    /// <summary>What became of a command, as soon as it may be told; there is nothing to wait for any more.</summary>
    /// <exception cref="JournalElsewhereException">The account is another node's.</exception>
    /// <exception cref="JournalLostException">Whether it took effect is not known.</exception>
    public async Task<Execution> TellableAsync(long account, AccountStay stay, Execution execution)
    {
        if (execution.Pending is { } pending) execution = await pending.ConfigureAwait(false);
        await Host.WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
        if (!execution.Outcome.IsGranted) await RequireMineAsync(account, stay).ConfigureAwait(false);
        return new Execution(execution.Outcome, default);
    }

    /// <summary>The account's balances, which nobody else has changed when this was asked.</summary>
    /// <exception cref="JournalElsewhereException">The account is another node's.</exception>
    public async Task<AccountReading> ReadAsync(long account, CancellationToken cancel)
    {
        var stay = Host.StayOf(account) ?? throw NotHere(account);
        var reading = await Host.ReadAsync(account, cancel).ConfigureAwait(false);
        await RequireMineAsync(account, stay).ConfigureAwait(false);
        return reading;
    }

    /// <summary>Where the account's journal ends.</summary>
    /// <exception cref="JournalElsewhereException">The account is another node's.</exception>
    public async Task<AccountTail> ReadTailAsync(long account, CancellationToken cancel)
    {
        var stay = Host.StayOf(account) ?? throw NotHere(account);
        var tail = await Host.ReadTailAsync(account, cancel).ConfigureAwait(false);
        await RequireMineAsync(account, stay).ConfigureAwait(false);
        return tail;
    }

    /// <summary>The account is not in this silo's memory; its grain knows more.</summary>
    public static JournalElsewhereException NotHere(long account) => new($"Account {account} is not in this silo's memory.") { Node = "", Epoch = 0 };

    private async Task RequireMineAsync(long account, AccountStay stay)
    {
        if (!await _currency.JoinAsync(account).ConfigureAwait(false))
        {
            var owner = await _parts.Store.Ownership.ClaimAsync(account).ConfigureAwait(false);
            if (!owner.IsMine)
            {
                // What is in memory is a former owner's; nothing would make it leave as long as it only refuses.
                await LetGoAsync(account, CancellationToken.None).ConfigureAwait(false);
                throw new JournalElsewhereException($"Account {account} belongs to node {owner.Node}.") { Node = owner.Node, Epoch = owner.Epoch };
            }
        }
        // It may have been another's and have come back since; but then it was not here all the time.
        if (!stay.HasLasted) throw NotHere(account);
    }

    /// <summary>Takes accounts from a node that lives, as many at a time as are wanted: each take costs that node a pause.</summary>
    private async Task<bool> TryTakeAsync(string node, IReadOnlyList<long> accounts)
    {
        try
        {
            using var departure = await Departure.BeginAsync(Host, _parts.Heads, accounts).ConfigureAwait(false);
            // Those that are busy here are about to find out that they are not this node's.
            if (departure.Accounts.Count < accounts.Count) await Task.Delay(TimeSpan.FromMilliseconds(5), _clock).ConfigureAwait(false);
            return departure.Accounts.Count > 0 && (await _parts.Store.Ownership.TakeAsync(node, departure.Accounts).ConfigureAwait(false)).Count > 0;
        }
        catch (JournalLostException)
        {
            // A former owner's last decisions, which nobody was told; they have left memory with this.
            return false;
        }
    }
}
