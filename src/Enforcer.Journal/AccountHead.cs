using Enforcer.Journal.Format;
using Enforcer.Ledger.Accounts;

namespace Enforcer.Journal;

/// <summary>An account's state at one entry, and where its journal stands: what loading it begins with.</summary>
public sealed record AccountHead
{
    /// <summary>The account's number.</summary>
    public required long Account { get; init; }

    /// <summary>Counts the account's owners; 1 as long as there is one node.</summary>
    public long Epoch { get; init; } = 1;

    /// <summary>The last entry that the snapshot contains.</summary>
    public required long Seq { get; init; }

    /// <summary>The batch that holds that entry.</summary>
    public required long LastBatch { get; init; }

    /// <summary>The checksum of the record that ends with that entry.</summary>
    public required uint Crc { get; init; }

    /// <summary>
    /// Where the account's journal was known to end when the head was read. That is the head's own entry, unless the account was taken over
    /// from a node that left entries behind which no snapshot contains yet.
    /// </summary>
    public AccountTail End
    {
        get => _end.Seq > Seq ? _end : new AccountTail { Account = Account, Seq = Seq, LastBatch = LastBatch, Crc = Crc };
        init => _end = value;
    }

    private readonly AccountTail _end;

    /// <summary>When time itself next changes the account, Unix ms; <see cref="long.MaxValue"/> if never.</summary>
    public long NextExpiryMs { get; init; } = long.MaxValue;

    /// <summary>The state, as <see cref="SnapshotCodec"/> writes it; empty for an account at entry 0.</summary>
    public required ReadOnlyMemory<byte> Snapshot { get; init; }

    /// <summary>The head of a state as it is now; its tail says where the state stands.</summary>
    public static AccountHead Of(in AccountTail tail, AccountState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (tail.Seq != state.Seq) throw new ArgumentException($"The state is at entry {state.Seq}, the tail at entry {tail.Seq}.", nameof(tail));
        return new AccountHead
        {
            Account = tail.Account,
            Seq = tail.Seq,
            LastBatch = tail.LastBatch,
            Crc = tail.Crc,
            NextExpiryMs = state.Reservations.NextExpiryMs,
            Snapshot = SnapshotCodec.Write(AccountSnapshot.Of(state)),
        };
    }
}
