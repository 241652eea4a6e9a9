using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>A head as it stands in its row.</summary>
internal static class HeadRow
{
    /// <summary>What <see cref="Read"/> reads, of heads <c>h</c>.</summary>
    public const string Columns = "h.account, h.epoch, h.snap_seq, h.snap_batch, h.snap_crc, h.next_expiry, h.snapshot, h.seq, h.last_batch, h.crc";

    public const string Select = "SELECT " + Columns + " FROM heads h ";

    /// <summary>The head of an account that was never owned before.</summary>
    public static AccountHead New(long account) => new() { Account = account, Seq = 0, LastBatch = 0, Crc = 0, Snapshot = default };

    public static AccountHead Read(NpgsqlDataReader row) => new()
    {
        Account = row.GetInt64(0),
        Epoch = row.GetInt64(1),
        Seq = row.GetInt64(2),
        LastBatch = row.GetInt64(3),
        Crc = checked((uint)row.GetInt64(4)),
        NextExpiryMs = row.IsDBNull(5) ? long.MaxValue : row.GetInt64(5),
        Snapshot = row.GetFieldValue<byte[]>(6),
        End = new AccountTail
        {
            Account = row.GetInt64(0),
            Seq = row.GetInt64(7),
            LastBatch = row.GetInt64(8),
            Crc = checked((uint)row.GetInt64(9)),
        },
    };
}
