using System.Numerics;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>A token bucket as a fraction: the level is <see cref="LevelAt"/> / 60,000, so that nothing is ever rounded.</summary>
internal sealed class NaiveBucket
{
    private long _atMs;

    public NaiveBucket(RateLimit limit, long atMs, int since)
    {
        (Limit, _atMs, Since) = (limit, atMs, since);
        Level = Capacity;
    }

    public RateLimit Limit { get; private set; }

    /// <summary>How many facts there were when it came to be.</summary>
    public int Since { get; }

    private BigInteger Level { get; set; }

    private BigInteger Capacity => (BigInteger)Limit.Burst * 60_000;

    public BigInteger LevelAt(long atMs) => BigInteger.Min(Capacity, Level + ((BigInteger)Math.Max(0, atMs - _atMs) * Limit.PerMinute));

    public void Pass(long atMs) => (Level, _atMs) = (LevelAt(atMs), Math.Max(_atMs, atMs));

    public void Take(long amount) => Level = BigInteger.Min(Capacity, Level - ((BigInteger)amount * 60_000));

    public void Change(RateLimit limit)
    {
        Limit = limit;
        Level = BigInteger.Min(Capacity, Level);
    }

    public BigInteger AvailableAt(long atMs)
    {
        var level = LevelAt(atMs);
        return level.Sign >= 0 ? level / 60_000 : -((-level + 59_999) / 60_000);
    }
}
