using Enforcer.Host.Activations;
using Enforcer.Host.Heads;
using Enforcer.Journal;
using Enforcer.Journal.Committing;

namespace Enforcer.Host;

/// <summary>
/// Lets accounts go, so that another node can take them over without anybody noticing more than a pause: their heads are written, they leave memory, and
/// everything decided becomes durable. Commands that come meanwhile wait; when their account has a new owner, or this is disposed of, they go to whoever owns it then.
/// </summary>
/// <remarks>
/// <para>Heads are written while commands still go on. What is decided after that, whoever takes the account reads in the journal: it is little, and nobody
/// waits for another write.</para>
/// <para>Why nothing is decided on state that is old: the account is marked as departing before its activation is looked at, and every load waits for that mark.
/// So once the activation has left, there is none until the end, and the next one reads who owns the account first.</para>
/// </remarks>
public sealed class Departure : IDisposable
{
    private readonly AccountHost _host;
    private readonly List<long> _accounts = [];

    private Departure(AccountHost host) => _host = host;

    /// <summary>The accounts that are out of memory and durable as a whole. Those that were busy are missing: try again.</summary>
    public IReadOnlyList<long> Accounts => _accounts;

    /// <summary>Begins to let accounts go.</summary>
    /// <param name="host">The accounts' host.</param>
    /// <param name="heads">Where their heads are written.</param>
    /// <param name="accounts">In memory or not.</param>
    /// <param name="cancel">Gives up; the accounts are then loaded again when they are asked for.</param>
    /// <exception cref="JournalLostException">The journal lost what had been decided; try again.</exception>
    /// <exception cref="JournalUnavailableException">Heads cannot be written; try again later.</exception>
    public static async Task<Departure> BeginAsync(
        AccountHost host, JournalHeads heads, IReadOnlyCollection<long> accounts, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(accounts);
        await DueHeads.WriteAsync(host, heads, accounts.Select(host.Find).OfType<Activation>(), cancel).ConfigureAwait(false);
        var departure = new Departure(host);
        try
        {
            foreach (var ticket in departure.Leave(accounts)) await host.WhenDurableAsync(ticket).AsTask().WaitAsync(cancel).ConfigureAwait(false);
            return departure;
        }
        catch
        {
            departure.Dispose();
            throw;
        }
    }

    /// <summary>Accounts have a new owner: whoever waits for them is told, and so is who comes later, until this is disposed of.</summary>
    /// <param name="node">The owner.</param>
    /// <param name="accounts">The accounts, and which change of their owners that was.</param>
    public void SendOn(string node, IEnumerable<(long Account, long Epoch)> accounts)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        foreach (var (account, epoch) in accounts) _host.Departing.SendOn(account, node, epoch);
    }

    /// <summary>They may be loaded again.</summary>
    public void Dispose()
    {
        foreach (var account in _accounts) _host.Departing.Remove(account);
        _accounts.Clear();
    }

    private List<AppendTicket> Leave(IReadOnlyCollection<long> accounts)
    {
        var tickets = new List<AppendTicket>();
        foreach (var account in accounts)
        {
            if (!_host.Departing.TryAdd(account)) continue;
            var activation = _host.Find(account);
            if (activation is not null && !TryLeave(activation, tickets))
            {
                _host.Departing.Remove(account);
                continue;
            }
            _accounts.Add(account);
        }
        return tickets;
    }

    private bool TryLeave(Activation activation, List<AppendTicket> tickets)
    {
        if (!activation.TryLeave(out var ticket)) return false;
        if (ticket.Batch != 0 && !_host.Context.Journal.IsDurable(ticket)) tickets.Add(ticket);
        _host.Forget(activation);
        return true;
    }
}
