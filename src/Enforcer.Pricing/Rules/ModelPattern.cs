namespace Enforcer.Pricing.Rules;

/// <summary>A model's name, or the beginning of one and <c>*</c>.</summary>
/// <param name="Text">"gpt-5.5", "gpt-5.5*" or "*".</param>
public sealed record ModelPattern(string Text)
{
    /// <summary>Every model.</summary>
    public static ModelPattern All { get; } = new("*");

    /// <summary>True if the pattern is for the model.</summary>
    public bool Matches(string model) => Text.EndsWith('*')
        ? model.AsSpan().StartsWith(Text.AsSpan(0, Text.Length - 1), StringComparison.Ordinal)
        : model == Text;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
