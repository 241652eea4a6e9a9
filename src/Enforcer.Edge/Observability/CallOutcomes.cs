using Enforcer.Edge.Protocols;

namespace Enforcer.Edge.Observability;

/// <summary>How calls end, in the words of the metric.</summary>
internal static class CallOutcomes
{
    /// <summary>The customer has all of the answer, or it was read to its usage in his place.</summary>
    public const string Whole = "whole";

    /// <summary>The upstream broke off in the middle.</summary>
    public const string CutByUpstream = "cut_by_upstream";

    /// <summary>The customer left, and the usage did not come within the bounds of reading on.</summary>
    public const string LeftByCustomer = "left_by_customer";

    /// <summary>No more was granted, so the edge ended the stream as the provider ends one at its limit.</summary>
    public const string CutAtCap = "cut_at_cap";

    /// <summary>An answer in one piece was too long to be read for its usage.</summary>
    public const string TooLong = "too_long";

    /// <summary>The upstream answered with an error.</summary>
    public const string RefusedByUpstream = "refused_by_upstream";

    /// <summary>The upstream could not be reached; the call was never made.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The upstream broke off before its answer.</summary>
    public const string NoAnswer = "no_answer";

    /// <summary>The customer had gone before the call was made.</summary>
    public const string Gone = "gone";

    /// <summary>The edge itself failed.</summary>
    public const string Failed = "failed";

    /// <summary>The edge answered itself.</summary>
    public static string Of(ProblemKind kind) => kind switch
    {
        ProblemKind.Malformed => "malformed",
        ProblemKind.UnknownPath => "unknown_path",
        ProblemKind.UnknownModel => "unknown_model",
        ProblemKind.TooLarge => "too_large",
        ProblemKind.Unauthenticated => "unauthenticated",
        ProblemKind.Forbidden => "forbidden",
        ProblemKind.NoMoney => "no_money",
        ProblemKind.MoneyInFlight => "money_in_flight",
        ProblemKind.RequestRate => "request_rate",
        ProblemKind.TokenRate => "token_rate",
        ProblemKind.Concurrency => "concurrency",
        ProblemKind.Unavailable => "unavailable",
        _ => Failed,
    };
}
