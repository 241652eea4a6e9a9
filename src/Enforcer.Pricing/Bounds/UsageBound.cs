using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// The most that a call can use, told before it is made: pools of meters, and every set of terms on which the provider may bill it (a call
/// that asks for "auto" may be served as priority or as standard). Immutable.
/// </summary>
public sealed class UsageBound : IEquatable<UsageBound>
{
    private readonly MeterPool[] _pools;
    private readonly CallTerms[] _terms;

    /// <summary>A bound.</summary>
    /// <exception cref="ArgumentException">A pool is out of range or has no listed meters, two pools share one, or there are no terms.</exception>
    public UsageBound(IEnumerable<MeterPool> pools, params IEnumerable<CallTerms> terms)
    {
        (_pools, _terms) = ([.. pools], [.. terms.Distinct()]);
        if (_terms.Length == 0) throw new ArgumentException("terms is empty: name every set of terms that the call may be billed on.", nameof(terms));
        var seen = new HashSet<UsageMeter>();
        foreach (var pool in _pools)
        {
            if (pool.Most is < 0 or > Usage.MostPerMeter)
                throw new ArgumentException($"The bound on {pool.Meters} is {pool.Most}: give 0 to {Usage.MostPerMeter}.", nameof(pools));
            if (pool.Meters.Meters.Count == 0) throw new ArgumentException($"A bound on {pool.Meters}: name the meters.", nameof(pools));
            foreach (var meter in pool.Meters.Meters)
            {
                if (!seen.Add(meter)) throw new ArgumentException($"{meter} is in two pools: leave it in one.", nameof(pools));
            }
            if (pool.Meters.Meters.Any(m => m.Side == MeterSide.Prompt)) MostPromptTokens += pool.Most;
            if (pool.Meters.Meters.Any(m => m.IsToken)) MostTokens += pool.Most;
            if (pool.Meters.Contains(UsageMeters.Output)) MostOutputTokens = pool.Most;
        }
    }

    /// <summary>The same bound with another limit on its output, which changes nothing that was checked before.</summary>
    private UsageBound(UsageBound other, int outputAt, long most)
    {
        var old = other._pools[outputAt];
        (_pools, _terms) = ([.. other._pools], other._terms);
        _pools[outputAt] = old with { Most = most };
        var change = most - old.Most;
        MostPromptTokens = other.MostPromptTokens + (Array.Exists(old.Meters.List, m => m.Side == MeterSide.Prompt) ? change : 0);
        MostTokens = other.MostTokens + change;
        MostOutputTokens = most;
    }

    /// <summary>The pools.</summary>
    public IReadOnlyList<MeterPool> Pools => _pools;

    /// <summary>The terms that the call may be billed on.</summary>
    public IReadOnlyList<CallTerms> Terms => _terms;

    internal MeterPool[] PoolList => _pools;

    internal CallTerms[] TermList => _terms;

    /// <summary>The longest prompt that it allows.</summary>
    public long MostPromptTokens { get; }

    /// <summary>The longest answer that it allows: the pool that has <c>output</c>, or 0.</summary>
    public long MostOutputTokens { get; }

    /// <summary>The most tokens that it allows, in and out.</summary>
    public long MostTokens { get; }

    /// <summary>One call of text: so many prompt and output tokens at most, and one request.</summary>
    public static UsageBound OfText(long promptTokens, long outputTokens, params IEnumerable<CallTerms> terms) => new(
        [new MeterPool(promptTokens, MeterPool.TextPrompt), new MeterPool(outputTokens, MeterPool.TextCompletion), MeterPool.Of(1, UsageMeters.Requests)],
        terms.Any() ? terms : [CallTerms.Standard]);

    /// <summary>The bound with a pool more.</summary>
    public UsageBound With(MeterPool pool) => new([.. _pools, pool], _terms);

    /// <summary>The bound with another limit on what comes out: on the pool that has <c>output</c>.</summary>
    /// <exception cref="InvalidOperationException">No pool has it.</exception>
    /// <exception cref="ArgumentException">The limit is out of range.</exception>
    public UsageBound WithOutput(long most)
    {
        var at = Array.FindIndex(_pools, pool => pool.Meters.Contains(UsageMeters.Output));
        if (at < 0) throw new InvalidOperationException("The bound has no pool with output tokens: there is nothing to clamp.");
        if (most == _pools[at].Most) return this;
        if (most is < 0 or > Usage.MostPerMeter) throw new ArgumentException($"The bound on {_pools[at].Meters} is {most}: give 0 to {Usage.MostPerMeter}.", nameof(most));
        return new UsageBound(this, at, most);
    }

    /// <summary>The bound with so much more: pools of the same meters are added up, others are added.</summary>
    /// <exception cref="ArgumentException">A sum is out of range, or a meter would be in two pools.</exception>
    public UsageBound Plus(IReadOnlyList<MeterPool> more)
    {
        var pools = new List<MeterPool>(_pools);
        foreach (var pool in more)
        {
            var at = pools.FindIndex(own => own.Meters.Equals(pool.Meters));
            if (at < 0) pools.Add(pool);
            else pools[at] = pools[at] with { Most = pools[at].Most + pool.Most };
        }
        return new UsageBound(pools, _terms);
    }

    /// <summary>How far the call can move a count of these meters.</summary>
    public long Reach(MeterGroup meters)
    {
        var reach = 0L;
        foreach (var pool in _pools)
        {
            if (Array.Exists(pool.Meters.List, meters.Contains)) reach += pool.Most;
        }
        return reach;
    }

    /// <summary>Same pools and terms, in the same order.</summary>
    public bool Equals(UsageBound? other) =>
        other is not null && _pools.AsSpan().SequenceEqual(other._pools) && _terms.AsSpan().SequenceEqual(other._terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UsageBound);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_pools.Length, _terms.Length, MostTokens);

    /// <summary>True if the usage is within the bound.</summary>
    public bool Contains(Usage usage)
    {
        var used = new long[_pools.Length];
        foreach (var item in usage)
        {
            var at = Array.FindIndex(_pools, pool => pool.Meters.Contains(item.Meter));
            if (at < 0) return false;
            used[at] += item.Quantity;
        }
        return !_pools.Where((pool, i) => used[i] > pool.Most).Any();
    }
}
