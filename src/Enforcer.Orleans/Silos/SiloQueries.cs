namespace Enforcer.Orleans;

/// <summary>
/// The statements that the ADO.NET providers look up, by the names that they look for. Parameters and columns have the names that the providers give
/// and expect.
/// </summary>
internal static class SiloQueries
{
    private const string Silo = "cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    private const string SiloColumns =
        "s.address AS \"Address\", s.port AS \"Port\", s.generation AS \"Generation\", s.name AS \"SiloName\", s.host AS \"HostName\", s.status AS \"Status\", " +
        "s.proxy_port AS \"ProxyPort\", s.suspects AS \"SuspectTimes\", s.started AS \"StartTime\", s.alive AS \"IAmAliveTime\", c.version AS \"Version\" ";

    private const string ReminderColumns =
        "SELECT grain AS \"GrainId\", name AS \"ReminderName\", start AS \"StartTime\", period AS \"Period\", version AS \"Version\" FROM reminders WHERE service = @ServiceId ";

    private const string Reminder = "service = @ServiceId AND grain = @GrainId AND name = @ReminderName";

    private const string State =
        "service = @ServiceId AND type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')";

    // The cluster's version moves on by one with every change of a silo's row: of two that read the same version only one changes anything.
    private const string Moved = "WITH moved AS (UPDATE silo_clusters SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING cluster), ";

    /// <summary>Each statement by its name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["InsertMembershipVersionKey"] =
            "WITH made AS (INSERT INTO silo_clusters VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING cluster) SELECT EXISTS(SELECT 1 FROM made)",
        ["InsertMembershipKey"] =
            Moved +
            "made AS (INSERT INTO silos SELECT moved.cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, NULL, @StartTime, " +
            "@IAmAliveTime FROM moved RETURNING cluster) SELECT EXISTS(SELECT 1 FROM made)",
        ["UpdateMembershipKey"] =
            Moved +
            "changed AS (UPDATE silos s SET status = @Status, suspects = @SuspectTimes, alive = @IAmAliveTime FROM moved WHERE s.cluster = moved.cluster " +
            "AND s.address = @Address AND s.port = @Port AND s.generation = @Generation RETURNING s.cluster) SELECT EXISTS(SELECT 1 FROM changed)",
        ["UpdateIAmAlivetimeKey"] = $"UPDATE silos SET alive = @IAmAliveTime WHERE {Silo}",
        ["MembershipReadRowKey"] =
            $"SELECT {SiloColumns}FROM silo_clusters c LEFT JOIN silos s ON s.cluster = c.cluster AND s.address = @Address AND s.port = @Port " +
            "AND s.generation = @Generation WHERE c.cluster = @DeploymentId",
        ["MembershipReadAllKey"] = $"SELECT {SiloColumns}FROM silo_clusters c LEFT JOIN silos s ON s.cluster = c.cluster WHERE c.cluster = @DeploymentId",
        ["GatewaysQueryKey"] =
            "SELECT address AS \"Address\", proxy_port AS \"ProxyPort\", generation AS \"Generation\" FROM silos " +
            "WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0",
        ["DeleteMembershipTableEntriesKey"] =
            "WITH gone AS (DELETE FROM silos WHERE cluster = @DeploymentId) DELETE FROM silo_clusters WHERE cluster = @DeploymentId",
        ["CleanupDefunctSiloEntriesKey"] = "DELETE FROM silos WHERE cluster = @DeploymentId AND alive < @IAmAliveTime AND status <> 3",

        ["ReadReminderRowsKey"] = ReminderColumns + "AND grain = @GrainId",
        ["ReadReminderRowKey"] = ReminderColumns + "AND grain = @GrainId AND name = @ReminderName",
        ["ReadRangeRows1Key"] = ReminderColumns + "AND hash > @BeginHash AND hash <= @EndHash",
        ["ReadRangeRows2Key"] = ReminderColumns + "AND (hash > @BeginHash OR hash <= @EndHash)",
        ["UpsertReminderRowKey"] =
            "INSERT INTO reminders AS r VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0) " +
            "ON CONFLICT (service, grain, name) DO UPDATE SET hash = excluded.hash, start = excluded.start, period = excluded.period, version = r.version + 1 " +
            "RETURNING version AS \"Version\"",
        ["DeleteReminderRowKey"] =
            $"WITH gone AS (DELETE FROM reminders WHERE {Reminder} AND version = @Version RETURNING grain) SELECT EXISTS(SELECT 1 FROM gone)",
        ["DeleteReminderRowsKey"] = "DELETE FROM reminders WHERE service = @ServiceId",

        ["ReadFromStorageKey"] = $"SELECT payload AS \"PayloadBinary\", version AS \"Version\" FROM grain_states WHERE {State}",
        // The version that is written is answered; the one that was given, if somebody else was faster.
        ["WriteToStorageKey"] =
            "WITH made AS (INSERT INTO grain_states SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), " +
            "@PayloadBinary, 1 WHERE @GrainStateVersion IS NULL ON CONFLICT DO NOTHING RETURNING version), " +
            $"changed AS (UPDATE grain_states SET payload = @PayloadBinary, version = version + 1 WHERE {State} AND version = @GrainStateVersion RETURNING version) " +
            "SELECT coalesce((SELECT version FROM made), (SELECT version FROM changed), @GrainStateVersion) AS \"NewGrainStateVersion\"",
        ["ClearStorageKey"] =
            $"WITH changed AS (UPDATE grain_states SET payload = NULL, version = version + 1 WHERE {State} AND version = @GrainStateVersion RETURNING version) " +
            "SELECT coalesce((SELECT version FROM changed), @GrainStateVersion) AS \"NewGrainStateVersion\"",
        ["DeleteStorageKey"] =
            $"WITH gone AS (DELETE FROM grain_states WHERE {State} AND version = @GrainStateVersion RETURNING version) " +
            "SELECT coalesce((SELECT version + 1 FROM gone), @GrainStateVersion) AS \"NewGrainStateVersion\"",
    };
}
