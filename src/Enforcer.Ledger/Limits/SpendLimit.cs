using Enforcer.Ledger.Commands;

namespace Enforcer.Ledger.Limits;

/// <summary>
/// A cap on spending, for the life of the account or per calendar window, over all commands or those of a scope. Window,
/// zone and scope together say which limit it is; an account has each at most once.
/// </summary>
public sealed record SpendLimit
{
    private readonly string _label = "";

    /// <summary>Makes a limit; null zone, pattern and tag mean UTC, every model and every tag.</summary>
    public SpendLimit(SpendWindow window, long capNanos, string? modelPattern = null, string? tag = null, string? zone = null)
    {
        Window = window;
        CapNanos = capNanos;
        ModelPattern = Normal(modelPattern);
        Tag = Normal(tag);
        Zone = Normal(zone) is "UTC" or "Etc/UTC" ? null : Normal(zone);
        _label = Zone is null && ModelPattern is null && Tag is null ? NameOf(window) : string.Join(' ', Words());
    }

    /// <summary>How long it counts.</summary>
    public SpendWindow Window { get; }

    /// <summary>The most nanos committed, held and delegated together: 0 to 2^60.</summary>
    public long CapNanos { get; init; }

    /// <summary>Null, an exact model name, or one with a trailing star.</summary>
    public string? ModelPattern { get; }

    /// <summary>Null, or the tag that a command must carry.</summary>
    public string? Tag { get; }

    /// <summary>Null for UTC, else the IANA zone whose calendar counts.</summary>
    public string? Zone { get; }

    /// <summary>The limit in words, as refusals name it: "life", "month Europe/Berlin gpt-5.5*".</summary>
    public string Label => _label;

    /// <summary>True if it starts again with the calendar.</summary>
    public bool IsWindowed => Window != SpendWindow.Life;

    /// <summary>True if it is the account's prepaid balance: for life, over all commands.</summary>
    public bool IsBalance => Window == SpendWindow.Life && ModelPattern is null && Tag is null;

    /// <summary>True if it counts a command with this model and tag.</summary>
    public bool Covers(string? model, string? tag) =>
        (ModelPattern is null || ModelPatterns.Matches(ModelPattern, model)) &&
        (Tag is null || string.Equals(Tag, tag, StringComparison.Ordinal));

    /// <summary>True if it is the same limit, whatever its cap.</summary>
    public bool IsSameLimit(SpendLimit other) =>
        Window == other.Window && Zone == other.Zone && ModelPattern == other.ModelPattern && Tag == other.Tag;

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add((long)Window);
        hash.Add(CapNanos);
        hash.Add(ModelPattern);
        hash.Add(Tag);
        hash.Add(Zone);
    }

    private IEnumerable<string> Words()
    {
        yield return NameOf(Window);
        if (Zone is not null) yield return Zone;
        if (ModelPattern is not null) yield return ModelPattern;
        if (Tag is not null) yield return "tag:" + Tag;
    }

    private static string NameOf(SpendWindow window) => window switch
    {
        SpendWindow.Life => "life",
        SpendWindow.Day => "day",
        SpendWindow.Week => "week",
        SpendWindow.Month => "month",
        _ => "window?",
    };

    private static string? Normal(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
