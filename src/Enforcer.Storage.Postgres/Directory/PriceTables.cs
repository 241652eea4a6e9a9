namespace Enforcer.Storage.Postgres;

/// <summary>Prices: version 3 of the schema. Rows are only ever added.</summary>
internal static class PriceTables
{
    public const string Sql =
        """
        CREATE TABLE price_contents(content_id text COLLATE "C" PRIMARY KEY, content bytea NOT NULL);
        CREATE TABLE price_records(
            kind int NOT NULL, name text COLLATE "C" NOT NULL, number int NOT NULL, content_id text COLLATE "C" NOT NULL REFERENCES price_contents,
            detail text NOT NULL, valid_from_ms bigint NOT NULL, at_ms bigint NOT NULL, actor text NOT NULL, reason text NOT NULL,
            PRIMARY KEY (kind, name, number));
        """;
}
