using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>How an account decides: the rules, or a version of them with a fault planted in it.</summary>
internal delegate Outcome Decider(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries);
