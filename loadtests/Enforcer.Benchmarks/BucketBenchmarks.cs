using BenchmarkDotNet.Attributes;
using Enforcer.Ledger.Limits;

namespace Enforcer.Benchmarks;

/// <summary>A token bucket: refill and take, and the wait until there is enough.</summary>
[MemoryDiagnoser]
public class BucketBenchmarks
{
    private static readonly RateLimit Limit = new(600_000, 10_000);
    private readonly TokenBucket _drained = TokenBucket.Full(Limit, 0, 0).Take(10_000, Limit);
    private TokenBucket _bucket = TokenBucket.Full(Limit, 0, 0);
    private long _nowMs;

    [Benchmark]
    public long RefillAndTake()
    {
        _bucket = _bucket.At(++_nowMs, Limit).Take(10, Limit);
        return _bucket.Level;
    }

    [Benchmark]
    public long MsUntil() => _drained.MsUntil(++_nowMs & 0xFFF, Limit);
}
