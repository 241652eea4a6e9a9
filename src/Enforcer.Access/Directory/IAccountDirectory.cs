namespace Enforcer.Access;

/// <summary>Gives every account id a number, once and for ever. Nothing is ever deleted.</summary>
public interface IAccountDirectory
{
    /// <summary>Finds an account by its id; null if there is none.</summary>
    ValueTask<AccountRecord?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Finds an account by its number; null if there is none.</summary>
    ValueTask<AccountRecord?> FindAsync(long number, CancellationToken cancellation);

    /// <summary>
    /// Makes an account if its id is new, with the next number, from 1 without gaps. If the id exists, nothing
    /// changes and the answer is the account as it was made, perhaps with another unit: the caller compares.
    /// Durable when it completes, in both cases.
    /// </summary>
    ValueTask<AccountRecord> CreateAsync(NewAccount account, CancellationToken cancellation);

    /// <summary>
    /// Makes many accounts, in batches that are durable one after the other: after a failure the first of them exist.
    /// Ids that exist are passed over, so the call can be repeated. Answers how many were made.
    /// </summary>
    ValueTask<long> CreateManyAsync(IEnumerable<NewAccount> accounts, CancellationToken cancellation);

    /// <summary>The accounts after an id in ordinal order; from the first if <paramref name="after"/> is empty.</summary>
    /// <param name="after">The last id of the page before, or empty.</param>
    /// <param name="count">At most this many: 1 to <see cref="DirectoryRules.MaxPage"/>.</param>
    /// <param name="cancellation">Ends the wait, not a change.</param>
    ValueTask<IReadOnlyList<AccountRecord>> ListAsync(string after, int count, CancellationToken cancellation);

    /// <summary>How many accounts there are; this is also the highest number. Takes constant time.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellation);
}
