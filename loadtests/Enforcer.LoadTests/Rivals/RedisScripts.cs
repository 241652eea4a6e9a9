namespace Enforcer.LoadTests.Rivals;

/// <summary>
/// What a careful user would write in Lua for the same promise: a cap that holds over committed and held, a record per
/// reservation, the same answer for the same operation id for a day, and expiry that charges what was held. Whole
/// numbers in Lua are exact to 2^53.
/// </summary>
internal static class RedisScripts
{
    /// <summary>KEYS: account, reservation, open reservations by expiry. ARGV: amount, now, expiry, id.</summary>
    public const string Reserve = """
        local known = redis.call('GET', KEYS[2])
        if known then return {0, tonumber(known)} end
        local a = redis.call('HMGET', KEYS[1], 'cap', 'held', 'committed')
        if not a[1] then return {3, 0} end
        local cap, held, committed = tonumber(a[1]), tonumber(a[2]), tonumber(a[3])
        local due = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[2], 'LIMIT', 0, 16)
        for _, id in ipairs(due) do
          local amount = tonumber(redis.call('GET', 'r:' .. id))
          held, committed = held - amount, committed + amount
          redis.call('SET', 'r:' .. id, -amount, 'KEEPTTL')
          redis.call('ZREM', KEYS[3], id)
        end
        local amount = tonumber(ARGV[1])
        if amount > cap - held - committed then return {1, cap - held - committed} end
        held = held + amount
        redis.call('HSET', KEYS[1], 'held', string.format('%d', held), 'committed', string.format('%d', committed))
        redis.call('SET', KEYS[2], ARGV[1], 'EX', 86400)
        redis.call('ZADD', KEYS[3], ARGV[3], ARGV[4])
        return {0, cap - held - committed}
        """;

    /// <summary>KEYS: as above. ARGV: real cost, id. A settled reservation is remembered as its negative cost.</summary>
    public const string Commit = """
        local known = tonumber(redis.call('GET', KEYS[2]) or '0')
        if known == 0 then return {2, 0} end
        if known < 0 then return {0, -known} end
        local a = redis.call('HMGET', KEYS[1], 'cap', 'held', 'committed')
        local cap, held, committed = tonumber(a[1]), tonumber(a[2]) - known, tonumber(a[3]) + tonumber(ARGV[1])
        redis.call('HSET', KEYS[1], 'held', string.format('%d', held), 'committed', string.format('%d', committed))
        redis.call('SET', KEYS[2], '-' .. ARGV[1], 'KEEPTTL')
        redis.call('ZREM', KEYS[3], ARGV[2])
        return {0, cap - held - committed}
        """;
}
