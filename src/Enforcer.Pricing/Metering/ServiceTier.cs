namespace Enforcer.Pricing.Metering;

/// <summary>How urgently a provider serves a call; it prices each differently.</summary>
public enum ServiceTier
{
    /// <summary>The ordinary one.</summary>
    Standard = 0,

    /// <summary>Answers within hours; cheaper.</summary>
    Batch = 1,

    /// <summary>Answers when there is room; cheaper.</summary>
    Flex = 2,

    /// <summary>Served first; dearer.</summary>
    Priority = 3,

    /// <summary>Generated faster; dearer.</summary>
    Fast = 4,
}
