using System.Text;

namespace Enforcer.Server.Edges.Wire;

/// <summary>Makes one string of each model and tag that comes again and again.</summary>
internal sealed class TextTable
{
    private const int MaxTexts = 16 * 1024;
    private readonly Utf8Table<string> _texts = new(MaxTexts, static text => text);

    /// <summary>The string of these bytes; null for none.</summary>
    public string? Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return null;
        if (_texts.TryGet(utf8, out var known)) return known;
        var text = Encoding.UTF8.GetString(utf8);
        _texts.Set(text);
        return text;
    }
}
