using Enforcer.Journal;

namespace Enforcer.Storage.Postgres;

/// <summary>What a claim has come to.</summary>
/// <param name="Owner">Who owns the account now.</param>
/// <param name="Head">Its head, as it was when it was this node's; null if it is another one's.</param>
internal sealed record ClaimedAccount(AccountOwner Owner, AccountHead? Head);
