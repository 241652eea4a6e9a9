using System.Text;
using System.Text.RegularExpressions;

namespace Enforcer.Architecture.Tests;

/// <summary>C# text as far as these tests must understand it.</summary>
internal static partial class Source
{
    /// <summary>The text with comments, strings and characters blanked out; lines stay where they were.</summary>
    public static string CodeOf(string text)
    {
        var code = new StringBuilder(text.Length);
        var last = 0;
        foreach (Match match in NotCode().Matches(text))
        {
            code.Append(text, last, match.Index - last);
            foreach (var c in match.Value) code.Append(c == '\n' ? '\n' : ' ');
            last = match.Index + match.Length;
        }
        return code.Append(text, last, text.Length - last).ToString();
    }

    /// <summary>Members with a body in braces: their names, and how many lines they take.</summary>
    public static IEnumerable<(string Name, int Lines)> Methods(string text)
    {
        var code = CodeOf(text);
        foreach (Match match in Method().Matches(code))
        {
            var end = ClosingBrace(code, match.Index + match.Length - 1);
            yield return (match.Groups["name"].Value, code[match.Index..end].Count(c => c == '\n') + 1);
        }
    }

    /// <summary>The types that a file declares outside any other type, each with its modifiers.</summary>
    public static IEnumerable<(string Modifiers, string Kind, string Name)> TopTypes(string text)
    {
        var code = CodeOf(text);
        var at = 0;
        while (TypeDeclaration().Match(code, at) is { Success: true } match)
        {
            yield return (match.Groups["modifiers"].Value, match.Groups["kind"].Value, match.Groups["name"].Value);
            var open = code.IndexOfAny(['{', ';'], match.Index + match.Length);
            at = open < 0 || code[open] == ';' ? match.Index + match.Length : ClosingBrace(code, open);
        }
    }

    private static int ClosingBrace(string code, int open)
    {
        var depth = 0;
        for (var i = open; i < code.Length; i++)
        {
            if (code[i] == '{') depth++;
            if (code[i] == '}' && --depth == 0) return i;
        }
        return code.Length;
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\$*"{3,}.*?"{3,}|[$@]*@[$@]*"(?:""|[^"])*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex("""^[ \t]+(?:(?:public|private|internal|protected|static|async|override|sealed|virtual|readonly|unsafe|partial|new|extern)[ \t]+)+[\w<>\[\],.?() \t]*?(?<name>\w+)(?:<[^>\n]*>)?\([^{};=]*\)[^{};=]*\{""", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex("""^[ \t]*(?<modifiers>(?:(?:public|internal|static|sealed|abstract|readonly|partial|ref|file|unsafe)[ \t]+)*)(?:(?<kind>class|record struct|record|struct|interface|enum)|(?<kind>delegate)[ \t]+[\w<>\[\],.?]+)[ \t]+(?<name>\w+)""", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
