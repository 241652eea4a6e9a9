namespace Enforcer.Access;

/// <summary>What names, units, labels and pages may be. Servers check with the same rules before they ask.</summary>
public static class DirectoryRules
{
    /// <summary>The longest account id.</summary>
    public const int MaxAccountIdChars = 64;

    /// <summary>The longest unit.</summary>
    public const int MaxUnitChars = 16;

    /// <summary>The longest label.</summary>
    public const int MaxLabelChars = 128;

    /// <summary>The longest page of a list.</summary>
    public const int MaxPage = 1_000;

    /// <summary>The most tokens that a directory holds, revoked ones included.</summary>
    public const int MaxTokens = 10_000;

    /// <summary>The rule for account ids, in words.</summary>
    public const string AccountIdRule = "1 to 64 characters of A-Z a-z 0-9 . _ : -";

    /// <summary>The rule for units, in words.</summary>
    public const string UnitRule = "an ISO 4217 code or a credit unit: 1 to 16 characters of A-Z a-z 0-9 _ -";

    /// <summary>The rule for labels, in words.</summary>
    public const string LabelRule = "at most 128 characters, none of them a control character or U+FFFD, which stands for what is not UTF-8";

    /// <summary>Whether a text can be an account id.</summary>
    public static bool IsAccountId(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > MaxAccountIdChars)
            return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or ':' or '-'))
                return false;
        }

        return true;
    }

    /// <summary>Whether a text can be a unit.</summary>
    public static bool IsUnit(ReadOnlySpan<char> unit)
    {
        if (unit.Length is 0 or > MaxUnitChars)
            return false;
        foreach (var c in unit)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
                return false;
        }

        return true;
    }

    /// <summary>Whether a text can be a label.</summary>
    public static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (var c in label)
        {
            if (char.IsControl(c) || c == '\uFFFD')
                return false;
        }

        return label.Length <= MaxLabelChars;
    }

    internal static void RequireAccountId(string id)
    {
        if (!IsAccountId(id))
            throw new ArgumentException($"account: '{Shorten(id)}' is not {AccountIdRule}.", nameof(id));
    }

    internal static void RequireUnit(string unit)
    {
        if (!IsUnit(unit))
            throw new ArgumentException($"unit: '{Shorten(unit)}' is not {UnitRule}.", nameof(unit));
    }

    internal static void RequireLabel(string label)
    {
        if (!IsLabel(label))
            throw new ArgumentException($"label: '{Shorten(label)}' is not {LabelRule}.", nameof(label));
    }

    /// <summary>Refuses a page that is not 1 to <see cref="MaxPage"/> long.</summary>
    public static void RequirePage(int count)
    {
        if (count is < 1 or > MaxPage)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A page has 1 to {MaxPage} lines.");
    }

    private static string Shorten(string? text) =>
        text is { Length: > MaxLabelChars } ? text[..MaxLabelChars] + "…" : text ?? "";
}
