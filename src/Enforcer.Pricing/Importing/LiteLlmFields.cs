using System.Collections.Frozen;
using System.Globalization;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Importing;

/// <summary>
/// The fields of LiteLLM's price file. A price is a base name, then perhaps <c>_above_200k_tokens</c>, then perhaps <c>_batches</c>,
/// <c>_flex</c> or <c>_priority</c>; all are US dollars for one unit unless the base name says 1k.
/// </summary>
internal static class LiteLlmFields
{
    private const string Above = "_above_";
    private const string Thousands = "k_tokens";

    private static readonly (string Suffix, ServiceTier Tier)[] Tiers =
        [("_batches", ServiceTier.Batch), ("_flex", ServiceTier.Flex), ("_priority", ServiceTier.Priority)];

    private static readonly FrozenDictionary<string, (UsageMeter Meter, int Per)> Prices = new Dictionary<string, (UsageMeter Meter, int Per)>
    {
        ["input_cost_per_token"] = (UsageMeters.Input, 1),
        ["cache_read_input_token_cost"] = (UsageMeters.InputCached, 1),
        ["input_cost_per_token_cache_hit"] = (UsageMeters.InputCached, 1),
        ["cache_creation_input_token_cost"] = (UsageMeters.CacheWrite5m, 1),
        ["cache_creation_input_token_cost_above_1hr"] = (UsageMeters.CacheWrite1h, 1),
        ["input_cost_per_audio_token"] = (UsageMeters.InputAudio, 1),
        ["cache_read_input_audio_token_cost"] = (UsageMeters.InputAudioCached, 1),
        ["cache_creation_input_audio_token_cost"] = (UsageMeters.CacheWriteAudio, 1),
        ["input_cost_per_image_token"] = (UsageMeters.InputImage, 1),
        ["input_cost_per_video_token"] = (UsageMeters.InputVideo, 1),
        ["output_cost_per_token"] = (UsageMeters.Output, 1),
        ["output_cost_per_reasoning_token"] = (UsageMeters.Reasoning, 1),
        ["output_cost_per_audio_token"] = (UsageMeters.OutputAudio, 1),
        ["output_cost_per_image_token"] = (UsageMeters.OutputImage, 1),
        ["output_cost_per_video_token"] = (UsageMeters.OutputVideo, 1),
        ["citation_cost_per_token"] = (UsageMeters.Citation, 1),
        ["input_cost_per_request"] = (UsageMeters.Requests, 1),
        ["input_cost_per_query"] = (UsageMeters.Queries, 1),
        ["file_search_cost_per_1k_calls"] = (UsageMeters.FileSearch, 1_000),
        ["code_interpreter_cost_per_session"] = (UsageMeters.CodeSession, 1),
        ["input_cost_per_image"] = (UsageMeters.InputImages, 1),
        ["output_cost_per_image"] = (UsageMeters.OutputImages, 1),
        ["input_cost_per_pixel"] = (UsageMeters.InputPixels, 1),
        ["output_cost_per_pixel"] = (UsageMeters.OutputPixels, 1),
        ["input_cost_per_character"] = (UsageMeters.InputCharacters, 1),
        ["output_cost_per_character"] = (UsageMeters.OutputCharacters, 1),
        ["input_cost_per_second"] = (UsageMeters.InputSeconds, 1),
        ["output_cost_per_second"] = (UsageMeters.OutputSeconds, 1),
        ["input_cost_per_audio_per_second"] = (UsageMeters.InputAudioSeconds, 1),
        ["input_cost_per_video_per_second"] = (UsageMeters.InputVideoSeconds, 1),
        ["output_cost_per_video_per_second"] = (UsageMeters.OutputVideoSeconds, 1),
        ["output_cost_per_second_1080p"] = (UsageMeters.OutputVideoSeconds1080p, 1),
        ["ocr_cost_per_page"] = (UsageMeters.Pages, 1),
        ["annotation_cost_per_page"] = (UsageMeters.AnnotatedPages, 1),
        ["ocr_cost_per_credit"] = (UsageMeters.DocumentCredits, 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Facts about a model that are no prices. The DBU fields repeat the token prices in Databricks' own unit.
    private static readonly FrozenSet<string> Facts = FrozenSet.Create(
        StringComparer.Ordinal,
        "audio_transcription_config", "bedrock_converse_supports_strict_tools", "bedrock_output_config_effort_ceiling", "comment", "deprecation_date",
        "gemini_audio_only_live", "gemini_native_audio", "input_dbu_cost_per_token", "metadata", "output_dbu_cost_per_token", "output_vector_size",
        "prompt_cache_min_tokens", "rpm", "supported_endpoints", "supported_modalities", "supported_output_modalities", "supported_regions", "tpm",
        "use_openai_responses_path", "uses_embed_content");

    /// <summary>True for what says something about the model and nothing about its price.</summary>
    public static bool IsFact(string name) => Facts.Contains(name) || name.StartsWith("supports_", StringComparison.Ordinal);

    /// <summary>What a field is the price of; false if it is no price.</summary>
    public static bool TryPrice(string name, out UsageMeter meter, out int per, out ServiceTier tier, out long above)
    {
        (tier, above) = (ServiceTier.Standard, 0);
        foreach (var (suffix, of) in Tiers)
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal)) continue;
            (name, tier) = (name[..^suffix.Length], of);
            break;
        }
        var at = name.LastIndexOf(Above, StringComparison.Ordinal);
        if (at > 0 && name.EndsWith(Thousands, StringComparison.Ordinal))
        {
            var number = name.AsSpan(at + Above.Length, name.Length - at - Above.Length - Thousands.Length);
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var thousands) && thousands > 0) (name, above) = (name[..at], thousands * 1_000L);
        }
        var found = Prices.TryGetValue(name, out var price);
        (meter, per) = price;
        return found;
    }
}
