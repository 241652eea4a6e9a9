using System.Collections.Frozen;

namespace Enforcer.Pricing.Metering;

/// <summary>The known meters, in the order of a bill. Seconds, pages and the like are whole; the edge rounds up as the provider does.</summary>
public static class UsageMeters
{
    // The catalogue fills in the order of the declarations below, so it stands before them.
    private static readonly List<UsageMeter> Catalogue = [];

    /// <summary>Plain input tokens: text, neither read from a cache nor written to one.</summary>
    public static readonly UsageMeter Input = Prompt("input");

    /// <summary>Input tokens read from the provider's cache.</summary>
    public static readonly UsageMeter InputCached = Prompt("input_cached", Input, isCached: true);

    /// <summary>Input tokens written to a cache that lives five minutes.</summary>
    public static readonly UsageMeter CacheWrite5m = Prompt("cache_write_5m", Input);

    /// <summary>Input tokens written to a cache that lives an hour.</summary>
    public static readonly UsageMeter CacheWrite1h = Prompt("cache_write_1h", CacheWrite5m);

    /// <summary>Audio tokens in.</summary>
    public static readonly UsageMeter InputAudio = Prompt("input_audio", Input);

    /// <summary>Audio tokens read from the provider's cache.</summary>
    public static readonly UsageMeter InputAudioCached = Prompt("input_audio_cached", InputAudio, isCached: true);

    /// <summary>Audio tokens written to the provider's cache.</summary>
    public static readonly UsageMeter CacheWriteAudio = Prompt("cache_write_audio", InputAudio);

    /// <summary>Image tokens in.</summary>
    public static readonly UsageMeter InputImage = Prompt("input_image", Input);

    /// <summary>Video tokens in.</summary>
    public static readonly UsageMeter InputVideo = Prompt("input_video", Input);

    /// <summary>Plain output tokens.</summary>
    public static readonly UsageMeter Output = Completion("output");

    /// <summary>Reasoning tokens, which are not in <see cref="Output"/>.</summary>
    public static readonly UsageMeter Reasoning = Completion("reasoning", Output);

    /// <summary>Audio tokens out.</summary>
    public static readonly UsageMeter OutputAudio = Completion("output_audio", Output);

    /// <summary>Image tokens out.</summary>
    public static readonly UsageMeter OutputImage = Completion("output_image", Output);

    /// <summary>Video tokens out.</summary>
    public static readonly UsageMeter OutputVideo = Completion("output_video", Output);

    /// <summary>Tokens of cited sources, where a provider bills them.</summary>
    public static readonly UsageMeter Citation = Add("citation", MeterSide.Aside);

    /// <summary>Calls: 1 for each.</summary>
    public static readonly UsageMeter Requests = Add("requests", isFreeUnlessListed: true);

    /// <summary>Web searches of the ordinary context size, each query counted.</summary>
    public static readonly UsageMeter WebSearch = Add("web_search");

    /// <summary>Web searches with the small context size.</summary>
    public static readonly UsageMeter WebSearchLow = Add("web_search_low", fallsBackTo: WebSearch);

    /// <summary>Web searches with the large context size.</summary>
    public static readonly UsageMeter WebSearchHigh = Add("web_search_high", fallsBackTo: WebSearch);

    /// <summary>Prompts that used web search at all, however many queries they made: 1 for each.</summary>
    public static readonly UsageMeter GroundedPrompt = Add("grounded_prompt");

    /// <summary>Pages fetched by a provider's tool.</summary>
    public static readonly UsageMeter WebFetch = Add("web_fetch");

    /// <summary>File searches.</summary>
    public static readonly UsageMeter FileSearch = Add("file_search");

    /// <summary>Code interpreter sessions (containers).</summary>
    public static readonly UsageMeter CodeSession = Add("code_session");

    /// <summary>Calls of any other tool that is billed.</summary>
    public static readonly UsageMeter ToolCall = Add("tool_call");

    /// <summary>Images in, counted.</summary>
    public static readonly UsageMeter InputImages = Add("input_images");

    /// <summary>Images out, counted.</summary>
    public static readonly UsageMeter OutputImages = Add("output_images");

    /// <summary>Pixels in.</summary>
    public static readonly UsageMeter InputPixels = Add("input_pixels");

    /// <summary>Pixels out.</summary>
    public static readonly UsageMeter OutputPixels = Add("output_pixels");

    /// <summary>Characters in.</summary>
    public static readonly UsageMeter InputCharacters = Add("input_characters");

    /// <summary>Characters out.</summary>
    public static readonly UsageMeter OutputCharacters = Add("output_characters");

    /// <summary>Seconds in: of a recording, or of rented time.</summary>
    public static readonly UsageMeter InputSeconds = Add("input_seconds");

    /// <summary>Seconds out.</summary>
    public static readonly UsageMeter OutputSeconds = Add("output_seconds");

    /// <summary>Seconds of audio in, where a provider tells them from other seconds.</summary>
    public static readonly UsageMeter InputAudioSeconds = Add("input_audio_seconds", fallsBackTo: InputSeconds);

    /// <summary>Seconds of video in.</summary>
    public static readonly UsageMeter InputVideoSeconds = Add("input_video_seconds", fallsBackTo: InputSeconds);

    /// <summary>Seconds of video out.</summary>
    public static readonly UsageMeter OutputVideoSeconds = Add("output_video_seconds", fallsBackTo: OutputSeconds);

    /// <summary>Seconds of video out in 1080p.</summary>
    public static readonly UsageMeter OutputVideoSeconds1080p = Add("output_video_seconds_1080p", fallsBackTo: OutputVideoSeconds);

    /// <summary>Pages read.</summary>
    public static readonly UsageMeter Pages = Add("pages");

    /// <summary>Pages annotated.</summary>
    public static readonly UsageMeter AnnotatedPages = Add("annotated_pages");

    /// <summary>A provider's own credits for reading documents.</summary>
    public static readonly UsageMeter DocumentCredits = Add("document_credits");

    /// <summary>Queries of a search or reranking model.</summary>
    public static readonly UsageMeter Queries = Add("queries");

    /// <summary>Seats for one period.</summary>
    public static readonly UsageMeter Seats = Add("seats", isFreeUnlessListed: true);

    /// <summary>Tickets that ended as the customer wanted.</summary>
    public static readonly UsageMeter OutcomeResolved = Add("outcome_resolved", isFreeUnlessListed: true);

    /// <summary>Tickets that did not.</summary>
    public static readonly UsageMeter OutcomeFailed = Add("outcome_failed", isFreeUnlessListed: true);

    private static readonly FrozenDictionary<string, UsageMeter> ByName = Catalogue.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<UsageMeter> All => Catalogue;

    internal static bool TryFind(string name, out UsageMeter meter) => ByName.TryGetValue(name, out meter!);

    private static UsageMeter Prompt(string name, UsageMeter? fallsBackTo = null, bool isCached = false) =>
        Add(name, MeterSide.Prompt, fallsBackTo, isCached);

    private static UsageMeter Completion(string name, UsageMeter? fallsBackTo = null) => Add(name, MeterSide.Completion, fallsBackTo);

    private static UsageMeter Add(
        string name, MeterSide side = MeterSide.None, UsageMeter? fallsBackTo = null, bool isCached = false, bool isFreeUnlessListed = false)
    {
        var meter = new UsageMeter(Catalogue.Count, name, side, fallsBackTo, isCached, isFreeUnlessListed);
        Catalogue.Add(meter);
        return meter;
    }
}
