using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Reading;

/// <summary>An entry and whose it is.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Batch">The batch that holds it.</param>
/// <param name="Entry">The entry.</param>
public readonly record struct FoundEntry(long Account, long Batch, Entry Entry);
