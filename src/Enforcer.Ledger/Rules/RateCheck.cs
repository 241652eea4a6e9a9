using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>Asks the buckets of requests and tokens.</summary>
internal static class RateCheck
{
    /// <summary>Room for one more request.</summary>
    public static Outcome Request(in Ruling ruling)
    {
        if (ruling.State.Limits.Requests is not { } limit) return default;
        var bucket = ruling.State.Requests.At(ruling.NowMs, limit);
        return bucket.Available >= 1 ? default : Refuse(ruling, Refusal.RequestRate, "requests", bucket, limit, 1);
    }

    /// <summary>
    /// As many tokens as the bucket has, between the two bounds. A bucket in debt has not even none: a Reserve that estimates
    /// no tokens waits until the debt is paid. A reservation made before the bucket was set takes nothing from it.
    /// </summary>
    public static Outcome Tokens(in Ruling ruling, long reservedSeq, long atLeast, long atMost, out long granted)
    {
        granted = atMost;
        if (ruling.State.Limits.Tokens is not { } limit || reservedSeq <= ruling.State.Tokens.SinceSeq) return default;
        var bucket = ruling.State.Tokens.At(ruling.NowMs, limit);
        granted = Math.Min(atMost, bucket.Available);
        return granted >= atLeast ? default : Refuse(ruling, Refusal.TokenRate, "tokens", bucket, limit, atLeast);
    }

    private static Outcome Refuse(in Ruling ruling, Refusal refusal, string name, in TokenBucket bucket, RateLimit limit, long wanted) => new()
    {
        Refusal = refusal,
        Seq = ruling.State.Seq,
        HeadroomNanos = Outcome.NoCap,
        Limit = name,
        ShortBy = wanted - bucket.Available,
        RetryAfterMs = bucket.MsUntil(wanted, limit),
    };
}
