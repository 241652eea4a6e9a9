-- The cluster's own tables, in the journal's schema, and the statements by which the ADO.NET providers of Microsoft Orleans reach them: they look each up by its
-- name in OrleansQuery and know nothing of the tables. Parameters and columns have the names that the providers give and expect.
-- Nothing of what is here decides about money. Run it in one transaction; silos that start together make everything once.

-- "ENFORCER": the lock that whoever makes tables takes.
SELECT pg_advisory_xact_lock(x'454E464F52434552'::bigint);

CREATE SCHEMA IF NOT EXISTS enforcer;
CREATE TABLE IF NOT EXISTS enforcer.orleansquery(querykey text PRIMARY KEY, querytext text NOT NULL);
CREATE TABLE IF NOT EXISTS enforcer.silo_clusters(cluster text PRIMARY KEY, version int NOT NULL);
CREATE TABLE IF NOT EXISTS enforcer.silos(
    cluster text NOT NULL REFERENCES enforcer.silo_clusters, address text NOT NULL, port int NOT NULL, generation int NOT NULL,
    name text NOT NULL, host text NOT NULL, status int NOT NULL, proxy_port int NOT NULL, suspects text,
    started timestamptz NOT NULL, alive timestamptz NOT NULL, PRIMARY KEY (cluster, address, port, generation));
CREATE TABLE IF NOT EXISTS enforcer.reminders(
    service text NOT NULL, grain text NOT NULL, name text NOT NULL, hash int NOT NULL, start timestamptz NOT NULL, period bigint NOT NULL,
    version int NOT NULL, PRIMARY KEY (service, grain, name));
CREATE INDEX IF NOT EXISTS reminders_hash ON enforcer.reminders(service, hash);
CREATE TABLE IF NOT EXISTS enforcer.grain_states(
    service text NOT NULL, type text NOT NULL, n0 bigint NOT NULL, n1 bigint NOT NULL, key text NOT NULL, payload bytea,
    version int NOT NULL, PRIMARY KEY (service, type, n0, n1, key));

INSERT INTO enforcer.orleansquery VALUES
    -- Membership. The cluster's version moves on by one with every change of a silo's row: of two that read the same version only one changes anything.
    ('InsertMembershipVersionKey',
        $$WITH made AS (INSERT INTO silo_clusters VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING cluster) SELECT EXISTS(SELECT 1 FROM made)$$),
    ('InsertMembershipKey',
        $$WITH moved AS (UPDATE silo_clusters SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING cluster),
        made AS (INSERT INTO silos SELECT moved.cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, NULL,
            @StartTime, @IAmAliveTime FROM moved RETURNING cluster)
        SELECT EXISTS(SELECT 1 FROM made)$$),
    ('UpdateMembershipKey',
        $$WITH moved AS (UPDATE silo_clusters SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING cluster),
        changed AS (UPDATE silos s SET status = @Status, suspects = @SuspectTimes, alive = @IAmAliveTime FROM moved
            WHERE s.cluster = moved.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation RETURNING s.cluster)
        SELECT EXISTS(SELECT 1 FROM changed)$$),
    ('UpdateIAmAlivetimeKey',
        $$UPDATE silos SET alive = @IAmAliveTime WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation$$),
    ('MembershipReadRowKey',
        $$SELECT s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName", s.status AS "Status",
            s.proxy_port AS "ProxyPort", s.suspects AS "SuspectTimes", s.started AS "StartTime", s.alive AS "IAmAliveTime", c.version AS "Version"
        FROM silo_clusters c LEFT JOIN silos s ON s.cluster = c.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
        WHERE c.cluster = @DeploymentId$$),
    ('MembershipReadAllKey',
        $$SELECT s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName", s.status AS "Status",
            s.proxy_port AS "ProxyPort", s.suspects AS "SuspectTimes", s.started AS "StartTime", s.alive AS "IAmAliveTime", c.version AS "Version"
        FROM silo_clusters c LEFT JOIN silos s ON s.cluster = c.cluster WHERE c.cluster = @DeploymentId$$),
    ('GatewaysQueryKey',
        $$SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation" FROM silos
        WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0$$),
    ('DeleteMembershipTableEntriesKey',
        $$WITH gone AS (DELETE FROM silos WHERE cluster = @DeploymentId) DELETE FROM silo_clusters WHERE cluster = @DeploymentId$$),
    ('CleanupDefunctSiloEntriesKey',
        $$DELETE FROM silos WHERE cluster = @DeploymentId AND alive < @IAmAliveTime AND status <> 3$$),
    -- Reminders.
    ('ReadReminderRowsKey',
        $$SELECT grain AS "GrainId", name AS "ReminderName", start AS "StartTime", period AS "Period", version AS "Version" FROM reminders
        WHERE service = @ServiceId AND grain = @GrainId$$),
    ('ReadReminderRowKey',
        $$SELECT grain AS "GrainId", name AS "ReminderName", start AS "StartTime", period AS "Period", version AS "Version" FROM reminders
        WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName$$),
    ('ReadRangeRows1Key',
        $$SELECT grain AS "GrainId", name AS "ReminderName", start AS "StartTime", period AS "Period", version AS "Version" FROM reminders
        WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash$$),
    ('ReadRangeRows2Key',
        $$SELECT grain AS "GrainId", name AS "ReminderName", start AS "StartTime", period AS "Period", version AS "Version" FROM reminders
        WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)$$),
    ('UpsertReminderRowKey',
        $$INSERT INTO reminders AS r VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
        ON CONFLICT (service, grain, name) DO UPDATE SET hash = excluded.hash, start = excluded.start, period = excluded.period, version = r.version + 1
        RETURNING version AS "Version"$$),
    ('DeleteReminderRowKey',
        $$WITH gone AS (DELETE FROM reminders
            WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING grain)
        SELECT EXISTS(SELECT 1 FROM gone)$$),
    ('DeleteReminderRowsKey',
        $$DELETE FROM reminders WHERE service = @ServiceId$$),
    -- Grain storage. The version that is written is answered; the one that was given, if somebody else was faster.
    ('ReadFromStorageKey',
        $$SELECT payload AS "PayloadBinary", version AS "Version" FROM grain_states
        WHERE service = @ServiceId AND type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')$$),
    ('WriteToStorageKey',
        $$WITH made AS (INSERT INTO grain_states SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, 1
            WHERE @GrainStateVersion IS NULL ON CONFLICT DO NOTHING RETURNING version),
        changed AS (UPDATE grain_states SET payload = @PayloadBinary, version = version + 1
            WHERE service = @ServiceId AND type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
            AND version = @GrainStateVersion RETURNING version)
        SELECT coalesce((SELECT version FROM made), (SELECT version FROM changed), @GrainStateVersion) AS "NewGrainStateVersion"$$),
    ('ClearStorageKey',
        $$WITH changed AS (UPDATE grain_states SET payload = NULL, version = version + 1
            WHERE service = @ServiceId AND type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
            AND version = @GrainStateVersion RETURNING version)
        SELECT coalesce((SELECT version FROM changed), @GrainStateVersion) AS "NewGrainStateVersion"$$),
    ('DeleteStorageKey',
        $$WITH gone AS (DELETE FROM grain_states
            WHERE service = @ServiceId AND type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
            AND version = @GrainStateVersion RETURNING version)
        SELECT coalesce((SELECT version + 1 FROM gone), @GrainStateVersion) AS "NewGrainStateVersion"$$)
ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext;
