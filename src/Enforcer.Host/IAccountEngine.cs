using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

namespace Enforcer.Host;

/// <summary>
/// Accounts as everybody above them sees them, wherever they are held: all in this process (<see cref="AccountHost"/>), or each by one of several
/// nodes. Services know this port alone.
/// </summary>
public interface IAccountEngine
{
    /// <summary>How accounts are held.</summary>
    HostOptions Options { get; }

    /// <summary>
    /// Hands a well-formed command to its account. Commands of one account are decided in the order of these calls, but a
    /// command that needs old history may be overtaken by later ones that do not depend on it.
    /// </summary>
    /// <param name="target">The account.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="nowMs">The moment, Unix ms, that the caller has read from the clock just now.</param>
    /// <param name="deadlineMs">
    /// After this moment nobody waits for the answer any more: a command that is not decided by then never is. The engine has a bound of its own.
    /// </param>
    /// <exception cref="LedgerException">The account broke a rule of the ledger and was dropped: a bug or a broken journal.</exception>
    Execution Start(AccountTarget target, in Command command, long nowMs, long deadlineMs = long.MaxValue);

    /// <summary>
    /// The same for one of several commands that the caller has at hand. If it is decided elsewhere, it may wait for those that follow, until
    /// <see cref="OutboundCommands.Flush"/>, and what becomes of it may go to the taker.
    /// </summary>
    /// <param name="target">The account.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="nowMs">The moment, Unix ms, that the caller has read from the clock just now.</param>
    /// <param name="number">What the taker knows the command by.</param>
    /// <param name="taker">Who is told, if the execution is <see cref="Execution.IsTakenLater"/>.</param>
    /// <param name="outbound">Is told where it waits.</param>
    /// <exception cref="LedgerException">The account broke a rule of the ledger and was dropped: a bug or a broken journal.</exception>
    Execution StartOne(AccountTarget target, in Command command, long nowMs, ulong number, IExecutionTaker taker, OutboundCommands outbound) =>
        Start(target, command, nowMs);

    /// <summary>Completes when the answers that stand on this ticket may be told.</summary>
    /// <exception cref="JournalLostException">What they stand on was lost, or nobody knows: retry with the same operation id.</exception>
    /// <exception cref="JournalUnavailableException">Nobody can say at present whether this node may still tell them: retry with the same operation id.</exception>
    ValueTask WhenDurableAsync(AppendTicket ticket);

    /// <summary>Hands a command in and waits until its answer may be told.</summary>
    /// <exception cref="JournalLostException">Whether it took effect is not known: retry with the same operation id.</exception>
    ValueTask<Outcome> ExecuteAsync(long account, Command command, CancellationToken cancel = default);

    /// <summary>Reads an account. Its status is None if it was never opened.</summary>
    Task<AccountReading> ReadAsync(long account, CancellationToken cancel = default);

    /// <summary>Reads a reservation, from the account's history; null if there is none.</summary>
    Task<ReservationReading?> ReadReservationAsync(long account, OperationId id, CancellationToken cancel = default);

    /// <summary>The account's durable entries, newest first.</summary>
    IAsyncEnumerable<Entry> ReadLedgerAsync(long account, CancellationToken cancel = default);

    /// <summary>The numbers of the accounts that are in somebody's memory: for watching.</summary>
    IAsyncEnumerable<long> ReadActiveAsync(CancellationToken cancel = default);

    /// <summary>
    /// False only if the account is certainly in nobody's memory: it is there from before its first change until <see cref="HostOptions.IdleMs"/> after
    /// its last.
    /// </summary>
    bool MayBeActive(long account);
}
