using Enforcer.Ledger.Limits;

namespace Enforcer.Simulation.Checking;

/// <summary>A bucket counted anew, in sixtieths of a thousandth, by the entries' own times.</summary>
internal struct Bucket
{
    private const long Scale = 60_000;
    private RateLimit? _limit;
    private Int128 _level;
    private long _atMs;
    private long _sinceSeq;

    /// <summary>Whole tokens that it holds; none where there is no limit.</summary>
    public readonly long? Whole => _limit is null ? null : (long)(_level >= 0 ? _level / Scale : -((-_level + Scale - 1) / Scale));

    /// <summary>True if a reservation touches it: what was made before the limit was there never does.</summary>
    public readonly bool Counts(long reservedSeq) => _limit is not null && reservedSeq > _sinceSeq;

    public void Set(RateLimit? limit, long atMs, long seq)
    {
        Pass(atMs);
        if (limit is null) this = default;
        else if (_limit is null) (_level, _atMs, _sinceSeq) = ((Int128)limit.Burst * Scale, atMs, seq);
        _limit = limit;
        if (limit is not null) _level = Int128.Min(_level, (Int128)limit.Burst * Scale);
    }

    /// <summary>Takes from it, or gives back.</summary>
    public void Take(long amount, long atMs, long reservedSeq)
    {
        Pass(atMs);
        if (!Counts(reservedSeq)) return;
        _level = Int128.Min(_level - ((Int128)amount * Scale), (Int128)_limit!.Burst * Scale);
    }

    private void Pass(long atMs)
    {
        if (_limit is not null) _level = Int128.Min((Int128)_limit.Burst * Scale, _level + ((Int128)(atMs - _atMs) * _limit.PerMinute));
        _atMs = atMs;
    }
}
