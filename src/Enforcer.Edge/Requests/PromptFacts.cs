using Enforcer.Pricing.Bounds;

namespace Enforcer.Edge.Requests;

/// <summary>What is counted in a request while it is looked through: all that makes its prompt and its answer longer than its bytes say, or shorter.</summary>
internal sealed class PromptFacts
{
    /// <summary>Its messages, the system prompt included.</summary>
    public int Messages { get; set; }

    /// <summary>The tools that it defines or asks for.</summary>
    public int Tools { get; set; }

    /// <summary>The images in it.</summary>
    public int Images { get; set; }

    /// <summary>Bytes of images and files that are billed by their number, not by their bytes.</summary>
    public long MediaBytes { get; set; }

    /// <summary>Bytes of sound in it, at most one audio token each.</summary>
    public long AudioBytes { get; set; }

    /// <summary>Tokens of what only the provider can see: files, earlier responses, pages found.</summary>
    public long UnseenTokens { get; set; }

    /// <summary>The most web searches.</summary>
    public long WebSearches { get; set; }

    /// <summary>Tokens that may be billed as output besides those that the limit allows.</summary>
    public long ExtraOutputTokens { get; set; }

    /// <summary>The most tokens of the prompt, audio apart.</summary>
    public long MostPromptTokens(long bodyBytes) =>
        TokenOverheads.Default.MostTokens(new PromptSize(bodyBytes - MediaBytes, Messages, Tools, Images)) + UnseenTokens;
}
