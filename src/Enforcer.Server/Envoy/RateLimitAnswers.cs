using System.Globalization;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Protocol.Envoy;
using Enforcer.Server.Wire;
using Google.Protobuf.WellKnownTypes;
using static Enforcer.Protocol.Envoy.RateLimitResponse.Types;

namespace Enforcer.Server.Envoy;

/// <summary>What Envoy is told: a status for each descriptor, with the rate that its hits count against.</summary>
internal static class RateLimitAnswers
{
    private const long MillisPerMinute = 60_000;

    public static async ValueTask<RateLimitResponse> OfAsync(List<Hits?> all, bool passes, IAccountEngine host, CancellationToken cancel)
    {
        var response = new RateLimitResponse { OverallCode = passes ? Code.Ok : Code.OverLimit };
        foreach (var hits in all)
            response.Statuses.Add(await StatusAsync(hits, host, cancel).ConfigureAwait(false));
        if (all.Find(hits => hits?.Refused is not null)?.Refused is { } refused)
            AddHeaders(response, refused);
        return response;
    }

    private static async ValueTask<DescriptorStatus> StatusAsync(Hits? hits, IAccountEngine host, CancellationToken cancel)
    {
        var status = new DescriptorStatus { Code = hits?.Refused is null ? Code.Ok : Code.OverLimit };
        if (hits?.Target is not { } target)
            return status;
        var account = Views.Of(await host.ReadAsync(target.Number, cancel).ConfigureAwait(false), target.Id);
        if ((hits.AreTokens ? account.Tokens : account.Requests) is not { PerMinute: > 0 } rate)
            return status;
        var burst = rate.Burst == 0 ? rate.PerMinute : rate.Burst;
        status.CurrentLimit = new RateLimit
        {
            Name = hits.AreTokens ? "tokens" : "requests",
            RequestsPerUnit = Fitted(rate.PerMinute),
            Unit = RateLimit.Types.Unit.Minute,
        };
        status.LimitRemaining = Fitted(rate.Available);
        var waitMs = (Int128)Math.Max(0, burst - rate.Available) * MillisPerMinute / rate.PerMinute;
        status.DurationUntilReset = Duration.FromTimeSpan(TimeSpan.FromMilliseconds((long)waitMs));
        return status;
    }

    /// <summary>Why, by its stable name, and when to try again, if time helps.</summary>
    private static void AddHeaders(RateLimitResponse response, Outcome refused)
    {
        response.ResponseHeadersToAdd.Add(new HeaderValue { Key = "x-enforcer-refusal", Value = RefusalWords.Name(refused.Refusal) });
        if (refused.RetryAfterMs > 0)
        {
            var seconds = (refused.RetryAfterMs + 999) / 1_000;
            response.ResponseHeadersToAdd.Add(new HeaderValue { Key = "retry-after", Value = seconds.ToString(CultureInfo.InvariantCulture) });
        }
    }

    private static uint Fitted(long value) => (uint)Math.Clamp(value, 0, uint.MaxValue);
}
