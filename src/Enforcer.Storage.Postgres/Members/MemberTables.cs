namespace Enforcer.Storage.Postgres;

/// <summary>The tables of the registry of nodes: version 4 of the schema. The registry lies apart from the fences, which appends lock: a heartbeat touches nothing that an append needs.</summary>
internal static class MemberTables
{
    public const string Sql =
        """
        CREATE TABLE members(
            name text PRIMARY KEY, mark uuid NOT NULL, owner text NOT NULL, address text, beats bigint NOT NULL, skew bigint NOT NULL,
            draining boolean NOT NULL DEFAULT false, active bigint NOT NULL, lagging bigint NOT NULL, batches bigint NOT NULL, records bigint NOT NULL,
            passed_on bigint NOT NULL, problem text NOT NULL) WITH (fillfactor = 20);
        CREATE TABLE cluster(only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), secret bytea NOT NULL);
        """;
}
