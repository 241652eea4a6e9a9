namespace Enforcer.Pricing.Bounds;

/// <summary>The most output that a headroom allows: what to clamp a request's <c>max_tokens</c> to.</summary>
/// <param name="MaxTokens">The most output tokens whose bound is within the headroom; null if not even a prompt without an answer is.</param>
/// <param name="BoundNanos">What to hold: the bound for that many tokens, or for the prompt alone if <see cref="MaxTokens"/> is null.</param>
/// <param name="MissingNanos">How much more headroom the prompt alone would need; 0 if it fits.</param>
public readonly record struct OutputFit(long? MaxTokens, long BoundNanos, long MissingNanos);
