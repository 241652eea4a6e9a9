using Enforcer.Grpc;
using Enforcer.Ledger.Limits;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Wire;

/// <summary>Limits to and from their messages.</summary>
internal static class LimitMessages
{
    /// <summary>The limits of a message, checked for form; null messages mean no limit at all.</summary>
    /// <exception cref="GrpcStatusException">INVALID_ARGUMENT names the field and the rule.</exception>
    public static LimitSet Read(V1.Limits? message, IWindowCalendar calendar)
    {
        if (message is null) return LimitSet.Unlimited;
        if (message.Concurrency is < 0 or > int.MaxValue)
            throw Faults.Invalid($"limits.concurrency is {message.Concurrency}; give 1 to {int.MaxValue}, or 0 for no limit.");
        var limits = new LimitSet(
            message.Spend.Select(Read),
            Read(message.Requests),
            Read(message.Tokens),
            (int)message.Concurrency,
            message.OnExpiry == V1.ExpiryPolicy.Unspecified ? ExpiryPolicy.Charge : Narrow<ExpiryPolicy>((int)message.OnExpiry, "limits.on_expiry"));
        return LimitForm.Problem(limits, calendar) is { } problem ? throw Faults.Invalid(problem) : limits;
    }

    public static V1.Limits Of(LimitSet limits)
    {
        var message = new V1.Limits
        {
            Requests = Of(limits.Requests),
            Tokens = Of(limits.Tokens),
            Concurrency = limits.Concurrency,
            OnExpiry = (V1.ExpiryPolicy)limits.OnExpiry,
        };
        foreach (var spend in limits.Spend) message.Spend.Add(Of(spend));
        return message;
    }

    public static V1.SpendLimit Of(SpendLimit limit) => new()
    {
        Window = (V1.SpendWindow)limit.Window,
        CapNanos = limit.CapNanos,
        Zone = limit.Zone ?? "",
        ModelPattern = limit.ModelPattern ?? "",
        Tag = limit.Tag ?? "",
    };

    private static SpendLimit Read(V1.SpendLimit message, int index) =>
        new(Narrow<SpendWindow>((int)message.Window, $"limits.spend[{index}].window"), message.CapNanos, message.ModelPattern, message.Tag, message.Zone);

    private static RateLimit? Read(V1.RateLimit? message)
    {
        if (message is null) return null;
        return message.Burst == 0 ? new RateLimit(message.PerMinute) : new RateLimit(message.PerMinute, message.Burst);
    }

    private static V1.RateLimit? Of(RateLimit? limit) =>
        limit is null ? null : new V1.RateLimit { PerMinute = limit.PerMinute, Burst = limit.Burst };

    /// <summary>The same number as an enum of the rules, which have no place for unknown ones.</summary>
    private static T Narrow<T>(int value, string field)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToUpperInvariant());
        return value is > 0 and <= byte.MaxValue && Enum.IsDefined(typeof(T), (byte)value)
            ? (T)Enum.ToObject(typeof(T), value)
            : throw Faults.Invalid($"{field} is {value}; give one of {string.Join(", ", names)}.");
    }
}
