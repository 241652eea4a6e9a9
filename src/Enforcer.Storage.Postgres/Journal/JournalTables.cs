namespace Enforcer.Storage.Postgres;

/// <summary>The tables of the journal: version 1 of the schema.</summary>
internal static class JournalTables
{
    // Rows that change with every batch lie alone on wide pages, so that their new versions find room on the same page.
    public const string Sql =
        """
        CREATE TABLE nodes(
            node int PRIMARY KEY, name text NOT NULL UNIQUE, session uuid NOT NULL, owner text NOT NULL, state smallint NOT NULL,
            incarnation bigint NOT NULL, revocations bigint NOT NULL) WITH (fillfactor = 20);
        CREATE TABLE tips(
            node int PRIMARY KEY REFERENCES nodes, tip bigint NOT NULL, tip_hash bytea NOT NULL, tip_first_at bigint NOT NULL,
            room bigint NOT NULL) WITH (fillfactor = 10);
        CREATE TABLE covers(node int PRIMARY KEY REFERENCES nodes, through bigint NOT NULL) WITH (fillfactor = 20);
        CREATE TABLE batches(
            number bigint PRIMARY KEY, first_at bigint NOT NULL, entries int NOT NULL, hash bytea NOT NULL,
            payload bytea NOT NULL) PARTITION BY RANGE (number);
        ALTER TABLE batches ALTER COLUMN payload SET STORAGE EXTERNAL;
        CREATE INDEX batches_first_at ON batches(first_at, number);
        CREATE TABLE partitions(
            from_number bigint PRIMARY KEY, to_number bigint NOT NULL, node int NOT NULL, name text NOT NULL, archived_at timestamptz);
        CREATE TABLE heads(
            account bigint PRIMARY KEY, node int NOT NULL, epoch bigint NOT NULL,
            seq bigint NOT NULL, last_batch bigint NOT NULL, crc bigint NOT NULL,
            snap_seq bigint NOT NULL, snap_batch bigint NOT NULL, snap_crc bigint NOT NULL,
            next_expiry bigint, snapshot bytea NOT NULL) WITH (fillfactor = 80);
        CREATE INDEX heads_next_expiry ON heads(node, next_expiry) WHERE next_expiry IS NOT NULL;
        CREATE TABLE revoked(node int NOT NULL, revocation bigint NOT NULL, account bigint NOT NULL, PRIMARY KEY (node, revocation, account));
        CREATE TABLE ledger(
            account bigint NOT NULL, seq bigint NOT NULL, batch bigint NOT NULL, crc bigint NOT NULL, at bigint NOT NULL,
            PRIMARY KEY (account, seq));
        """;
}
