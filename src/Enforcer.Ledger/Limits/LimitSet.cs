using Enforcer.Ledger.Commands;

namespace Enforcer.Ledger.Limits;

/// <summary>All limits of one account. Equality is by value.</summary>
public sealed class LimitSet : IEquatable<LimitSet>
{
    private readonly SpendLimit[] _spend;

    /// <summary>Makes a set; form is checked by <see cref="LimitForm.Problem"/>.</summary>
    public LimitSet(
        IEnumerable<SpendLimit>? spend = null,
        RateLimit? requests = null,
        RateLimit? tokens = null,
        int concurrency = 0,
        ExpiryPolicy onExpiry = ExpiryPolicy.Charge)
    {
        _spend = spend?.ToArray() ?? [];
        Requests = requests;
        Tokens = tokens;
        Concurrency = concurrency;
        OnExpiry = onExpiry;
    }

    /// <summary>No limit at all.</summary>
    public static LimitSet Unlimited { get; } = new();

    /// <summary>The spend caps; each (window, zone, scope) at most once, at most 32.</summary>
    public IReadOnlyList<SpendLimit> Spend => _spend;

    /// <summary>The bucket of requests, or null for none.</summary>
    public RateLimit? Requests { get; }

    /// <summary>The bucket of tokens, or null for none.</summary>
    public RateLimit? Tokens { get; }

    /// <summary>The most open reservations; 0 for no limit but the server's bound.</summary>
    public int Concurrency { get; }

    /// <summary>What becomes of a reservation that ends by time.</summary>
    public ExpiryPolicy OnExpiry { get; }

    /// <inheritdoc/>
    public bool Equals(LimitSet? other) =>
        other is not null && Requests == other.Requests && Tokens == other.Tokens && Concurrency == other.Concurrency &&
        OnExpiry == other.OnExpiry && _spend.AsSpan().SequenceEqual(other._spend);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LimitSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var limit in _spend) hash.Add(limit);
        return HashCode.Combine(hash.ToHashCode(), Requests, Tokens, Concurrency, OnExpiry);
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(_spend.Length);
        foreach (var limit in _spend) limit.AddTo(ref hash);
        AddTo(ref hash, Requests);
        AddTo(ref hash, Tokens);
        hash.Add(Concurrency);
        hash.Add((long)OnExpiry);
    }

    private static void AddTo(ref BodyHash hash, RateLimit? rate)
    {
        hash.Add(rate?.PerMinute ?? 0);
        hash.Add(rate?.Burst ?? 0);
    }
}
