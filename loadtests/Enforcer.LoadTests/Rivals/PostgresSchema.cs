namespace Enforcer.LoadTests.Rivals;

/// <summary>
/// What a careful user would write in PL/pgSQL for the same promise as <see cref="RedisScripts"/>: one function per
/// call, the account's row locked while it is decided.
/// </summary>
internal static class PostgresSchema
{
    public const string Create = """
        CREATE TABLE account (id int PRIMARY KEY, cap bigint NOT NULL, held bigint NOT NULL, committed bigint NOT NULL)
          WITH (fillfactor = 50);
        CREATE TABLE reservation (id uuid PRIMARY KEY, account int NOT NULL, held bigint NOT NULL, committed bigint,
          expires_at timestamptz NOT NULL) WITH (fillfactor = 80);
        CREATE INDEX reservation_open ON reservation (account, expires_at) WHERE committed IS NULL;

        CREATE FUNCTION reserve(p_id uuid, p_account int, p_amount bigint, p_ttl_ms bigint) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE a account; r reservation; due bigint;
        BEGIN
          SELECT * INTO a FROM account WHERE id = p_account FOR UPDATE;
          IF NOT FOUND THEN RETURN -3; END IF;
          SELECT * INTO r FROM reservation WHERE id = p_id;
          IF FOUND THEN RETURN r.held; END IF;
          WITH expired AS (
            UPDATE reservation SET committed = held WHERE account = p_account AND committed IS NULL AND expires_at < now() RETURNING held)
          SELECT coalesce(sum(held), 0) INTO due FROM expired;
          a.held := a.held - due; a.committed := a.committed + due;
          IF p_amount > a.cap - a.held - a.committed THEN RETURN -1; END IF;
          INSERT INTO reservation VALUES (p_id, p_account, p_amount, NULL, now() + p_ttl_ms * interval '1 ms');
          UPDATE account SET held = a.held + p_amount, committed = a.committed WHERE id = p_account;
          RETURN p_amount;
        END $$;

        CREATE FUNCTION settle(p_id uuid, p_account int, p_amount bigint) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE r reservation;
        BEGIN
          PERFORM 1 FROM account WHERE id = p_account FOR UPDATE;
          SELECT * INTO r FROM reservation WHERE id = p_id;
          IF NOT FOUND THEN RETURN -2; END IF;
          IF r.committed IS NOT NULL THEN RETURN r.committed; END IF;
          UPDATE reservation SET committed = p_amount WHERE id = p_id;
          UPDATE account SET held = held - r.held, committed = committed + p_amount WHERE id = p_account;
          RETURN p_amount;
        END $$;
        """;

    public const string Fill = "INSERT INTO account SELECT n, $1, 0, 0 FROM generate_series(0, $2 - 1) n";
}
