using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>Why a command was refused. A refusal consumed nothing.</summary>
public sealed class SpendRefusal
{
    internal SpendRefusal(Refusal reason, RefusalDetail? detail)
    {
        Reason = reason;
        Account = detail?.Account ?? "";
        Limit = detail?.Limit ?? "";
        ShortBy = detail?.ShortBy ?? 0;
        InFlight = detail?.InFlight ?? 0;
        RetryAfter = detail is { RetryAfterMs: > 0 } ? TimeSpan.FromMilliseconds(detail.RetryAfterMs) : null;
        Message = detail?.Message ?? "";
        Near = detail is { Near.Count: > 0 } ? [.. detail.Near] : [];
    }

    /// <summary>The stable name of the reason.</summary>
    public Refusal Reason { get; }

    /// <summary>The account whose limit refused; empty where none did.</summary>
    public string Account { get; }

    /// <summary>The limit, in words; empty where none refused.</summary>
    public string Limit { get; }

    /// <summary>How much is missing: nanos for money, else requests or tokens.</summary>
    public long ShortBy { get; }

    /// <summary>How much of that is held by open reservations and may come back.</summary>
    public long InFlight { get; }

    /// <summary>When to try again; null if time does not help.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Where the model has no price: names of models that are listed and near it, nearest first.</summary>
    public IReadOnlyList<string> Near { get; }

    /// <summary>The fact in one sentence.</summary>
    public string Message { get; }

    /// <summary>The reason and the fact.</summary>
    public override string ToString() => Message.Length == 0 ? Reason.ToString() : $"{Reason}: {Message}";
}
