using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Reading;

/// <summary>An entry as it comes out of a whole journal.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Batch">The batch that holds it.</param>
public readonly record struct AccountEntry(long Account, Entry Entry, long Batch);
