using Enforcer.Ledger.Entries;

namespace Enforcer.LoadTests.Audit;

/// <summary>One entry of the journal with the account it belongs to.</summary>
internal readonly record struct Fact(int Account, Entry Entry);
