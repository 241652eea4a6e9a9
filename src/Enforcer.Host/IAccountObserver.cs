using Enforcer.Journal;
using Enforcer.Ledger.Entries;

namespace Enforcer.Host;

/// <summary>Is told what accounts of this process append. It is not durable then: whoever passes it on waits for the ticket first.</summary>
public interface IAccountObserver
{
    /// <summary>Entries were appended. Called under the account's gate: it must return at once, and must not call the host.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="entries">The entries, valid during the call.</param>
    /// <param name="ticket">What must be durable before anybody is told.</param>
    void Appended(long account, ReadOnlySpan<Entry> entries, AppendTicket ticket);
}
