namespace Enforcer.Pricing.Metering;

/// <summary>Which part of a call a meter counts.</summary>
public enum MeterSide
{
    /// <summary>Neither: calls, images, seconds, seats, outcomes.</summary>
    None = 0,

    /// <summary>Tokens that go in, cached ones included. Their sum decides the long-context tier.</summary>
    Prompt = 1,

    /// <summary>Tokens that come out.</summary>
    Completion = 2,

    /// <summary>Tokens that are neither sent nor received by the caller, such as those of citations.</summary>
    Aside = 3,
}
