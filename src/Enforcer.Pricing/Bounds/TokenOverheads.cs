namespace Enforcer.Pricing.Bounds;

/// <summary>
/// How many tokens a provider may add to what was sent. A tokenizer that works on bytes never makes more tokens than there are bytes;
/// what comes on top is stated here, per request, message, tool and image. See docs/prices.md for the sources of the default.
/// </summary>
/// <param name="PerRequest">A prompt of the provider's own.</param>
/// <param name="PerMessage">What marks where a message begins and ends.</param>
/// <param name="FirstTool">What the presence of any tool adds.</param>
/// <param name="PerTool">What each tool adds to the bytes of its definition.</param>
/// <param name="PerImage">The most that an image comes to.</param>
public sealed record TokenOverheads(int PerRequest, int PerMessage, int FirstTool, int PerTool, int PerImage)
{
    /// <summary>Above everything that the providers state for their present models.</summary>
    public static TokenOverheads Default { get; } = new(PerRequest: 64, PerMessage: 16, FirstTool: 1_024, PerTool: 768, PerImage: 50_000);

    /// <summary>The most tokens that the prompt can come to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of the prompt is below 0.</exception>
    public long MostTokens(PromptSize size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size.Utf8Bytes);
        ArgumentOutOfRangeException.ThrowIfNegative(size.Messages);
        ArgumentOutOfRangeException.ThrowIfNegative(size.Tools);
        ArgumentOutOfRangeException.ThrowIfNegative(size.Images);
        return size.Utf8Bytes + PerRequest + ((long)PerMessage * size.Messages)
            + (size.Tools > 0 ? FirstTool : 0) + ((long)PerTool * size.Tools) + ((long)PerImage * size.Images);
    }
}
