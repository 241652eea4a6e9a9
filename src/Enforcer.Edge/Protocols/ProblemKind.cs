namespace Enforcer.Edge.Protocols;

/// <summary>Why the edge answers a call itself; each protocol has its own words for it.</summary>
internal enum ProblemKind
{
    /// <summary>The request breaks a rule.</summary>
    Malformed,

    /// <summary>There is no such path, or it is not let through.</summary>
    UnknownPath,

    /// <summary>The model has no price or no upstream.</summary>
    UnknownModel,

    /// <summary>The request is too long.</summary>
    TooLarge,

    /// <summary>The key is missing or wrong.</summary>
    Unauthenticated,

    /// <summary>The account is suspended or closed.</summary>
    Forbidden,

    /// <summary>A cap is used up.</summary>
    NoMoney,

    /// <summary>A cap would do, were it not for calls that are running.</summary>
    MoneyInFlight,

    /// <summary>Too many requests for their rate.</summary>
    RequestRate,

    /// <summary>Too many tokens for their rate.</summary>
    TokenRate,

    /// <summary>Too many calls at once.</summary>
    Concurrency,

    /// <summary>Nobody can say whether there is money, or what is served cannot be written down: nothing passes.</summary>
    Unavailable,

    /// <summary>The upstream could not be reached, or does not serve the operator.</summary>
    UpstreamFailed,
}
