namespace Enforcer.Pricing.Tariffs;

/// <summary>Why a charge is what it is: the list, then each rule that changed it. Written out only where somebody reads it.</summary>
/// <param name="Text">The last step.</param>
/// <param name="Before">The steps before it; null for the list.</param>
public sealed record Reason(string Text, Reason? Before = null)
{
    /// <summary>"claude-opus-4-8 list price; markup 5 %".</summary>
    public override string ToString() => Before is null ? Text : $"{Before}; {Text}";
}
