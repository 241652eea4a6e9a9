namespace Enforcer.Access;

/// <summary>A line for the audit trail, before it has a number. Long or unprintable parts are cut and replaced.</summary>
public sealed record AuditNote
{
    /// <summary>The longest part, in characters.</summary>
    public const int MaxChars = 256;

    /// <summary>A line for the audit trail.</summary>
    public AuditNote(AuditKind kind, long atMs, string actor, string action, string subject, string detail)
    {
        Kind = kind;
        AtMs = atMs;
        Actor = Tidy(actor);
        Action = Tidy(action);
        Subject = Tidy(subject);
        Detail = Tidy(detail);
    }

    /// <summary>A change or a refusal.</summary>
    public AuditKind Kind { get; }

    /// <summary>When, in Unix milliseconds.</summary>
    public long AtMs { get; }

    /// <summary>The token id of who did it; empty if nobody knows.</summary>
    public string Actor { get; }

    /// <summary>What was done, in a stable word: see <see cref="AuditActions"/>.</summary>
    public string Action { get; }

    /// <summary>To what: a key id, a token id, an account, a method.</summary>
    public string Subject { get; }

    /// <summary>The rest, for people; never a secret.</summary>
    public string Detail { get; }

    private static string Tidy(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        // Never through the middle of a character that takes two.
        var cut = text.Length <= MaxChars ? text : text[..(char.IsHighSurrogate(text[MaxChars - 1]) ? MaxChars - 1 : MaxChars)];
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c)) : cut;
    }
}
