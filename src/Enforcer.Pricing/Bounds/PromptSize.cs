namespace Enforcer.Pricing.Bounds;

/// <summary>What is known of a prompt before anyone has counted its tokens.</summary>
/// <param name="Utf8Bytes">The bytes of the request's body, or at least of all text in it.</param>
/// <param name="Messages">Its messages, the system prompt included.</param>
/// <param name="Tools">The tools that it defines or asks the provider for.</param>
/// <param name="Images">The images in it, by address or by content.</param>
public readonly record struct PromptSize(long Utf8Bytes, int Messages = 0, int Tools = 0, int Images = 0);
