using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Values;

/// <summary>The words for limits, the same as in refusals: <c>life</c>, <c>month gpt-5.5*</c>.</summary>
internal static class LimitNames
{
    /// <summary>One word for a window.</summary>
    public static string Of(SpendWindow window) => window switch
    {
        SpendWindow.Life => "life",
        SpendWindow.Day => "day",
        SpendWindow.Week => "week",
        SpendWindow.Month => "month",
        _ => window.ToString(),
    };

    /// <summary>A spend limit by its window and scope.</summary>
    public static string Of(SpendLimit limit)
    {
        var name = Of(limit.Window);
        if (limit.ModelPattern.Length > 0)
            name += " " + limit.ModelPattern;
        if (limit.Tag.Length > 0)
            name += " tag " + limit.Tag;
        return limit.Zone is "" or "UTC" ? name : $"{name} ({limit.Zone})";
    }

    /// <summary>The window of a word, in the singular or as an adverb.</summary>
    public static SpendWindow? ParseWindow(string word) => word switch
    {
        "life" => SpendWindow.Life,
        "day" or "daily" => SpendWindow.Day,
        "week" or "weekly" => SpendWindow.Week,
        "month" or "monthly" => SpendWindow.Month,
        _ => null,
    };
}
