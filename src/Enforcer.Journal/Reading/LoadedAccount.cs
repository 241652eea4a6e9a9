using Enforcer.Ledger.Accounts;

namespace Enforcer.Journal.Reading;

/// <summary>An account made from its journal.</summary>
/// <param name="State">Its state; that of an account that was never opened if it has no entries.</param>
/// <param name="Tail">Where its journal ends, to append to.</param>
/// <param name="IsHeadCurrent">True if its head needs no rewriting.</param>
public sealed record LoadedAccount(AccountState State, AccountTail Tail, bool IsHeadCurrent);
