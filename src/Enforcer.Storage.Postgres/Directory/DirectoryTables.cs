namespace Enforcer.Storage.Postgres;

/// <summary>The tables of the directory: version 2 of the schema.</summary>
internal static class DirectoryTables
{
    // Names sort as their bytes do, whatever the database's own order is. Times are Unix milliseconds; 0 stands for never.
    // The one row of "directory" counts; whoever changes anything holds it, so that numbers have no gaps and changes an order.
    public const string Sql =
        """
        CREATE TABLE directory(
            one bool PRIMARY KEY DEFAULT true CHECK (one), accounts bigint NOT NULL DEFAULT 0, audit_lines bigint NOT NULL DEFAULT 0,
            changes bigint NOT NULL DEFAULT 0) WITH (fillfactor = 10);
        INSERT INTO directory DEFAULT VALUES;
        CREATE TABLE accounts(
            number bigint PRIMARY KEY, id text COLLATE "C" NOT NULL UNIQUE, unit text NOT NULL, created_at_ms bigint NOT NULL);
        CREATE TABLE keys(
            key_id text COLLATE "C" PRIMARY KEY, hash bytea NOT NULL UNIQUE, account bigint NOT NULL REFERENCES accounts, label text NOT NULL,
            shown_prefix text NOT NULL, created_at_ms bigint NOT NULL, expires_at_ms bigint NOT NULL DEFAULT 0,
            revoked_at_ms bigint NOT NULL DEFAULT 0, successor text);
        CREATE INDEX keys_of_account ON keys(account, key_id);
        CREATE TABLE tokens(
            token_id text COLLATE "C" PRIMARY KEY, hash bytea NOT NULL UNIQUE, role int NOT NULL, label text NOT NULL,
            shown_prefix text NOT NULL, created_at_ms bigint NOT NULL, revoked_at_ms bigint NOT NULL DEFAULT 0);
        CREATE TABLE audit(
            number bigint PRIMARY KEY, kind int NOT NULL, number_of_kind bigint NOT NULL, at_ms bigint NOT NULL, actor text NOT NULL,
            action text NOT NULL, subject text NOT NULL, detail text NOT NULL, UNIQUE (kind, number_of_kind));
        CREATE TABLE changes(number bigint PRIMARY KEY, hash bytea NOT NULL);
        CREATE TABLE watchers(watcher uuid PRIMARY KEY, node text NOT NULL, seen bigint NOT NULL);
        """;
}
