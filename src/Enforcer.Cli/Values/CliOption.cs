using System.CommandLine;
using System.CommandLine.Parsing;

namespace Enforcer.Cli.Values;

/// <summary>Makes options and arguments whose errors name the option, the text, the rule and the way out.</summary>
internal static class CliOption
{
    /// <summary>An option that is given at most once.</summary>
    public static Option<T?> One<T>(string name, string help, string placeholder, ValueParsers.TryParse<T> parser)
        where T : struct
    {
        return new Option<T?>(name)
        {
            Description = help,
            HelpName = placeholder,
            CustomParser = result => Read(result, name, parser),
        };
    }

    /// <summary>An option that may be repeated.</summary>
    public static Option<T[]> Many<T>(string name, string help, string placeholder, ValueParsers.TryParse<T> parser)
        where T : struct
    {
        return new Option<T[]>(name)
        {
            Description = help + " May be repeated.",
            HelpName = placeholder,
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = static _ => [],
            CustomParser = result => [.. result.Tokens.Select(token => Read(result, token.Value, name, parser) ?? default)],
        };
    }

    /// <summary>Free text.</summary>
    public static Option<string?> Text(string name, string help, string placeholder) => new(name) { Description = help, HelpName = placeholder };

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string help, params string[] words)
    {
        var option = new Option<string?>(name)
        {
            Description = help,
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                var word = result.Tokens[0].Value;
                if (words.Contains(word, StringComparer.Ordinal))
                    return word;
                result.AddError($"{name}: '{word}' is none of {string.Join(", ", words)}. Write one of them.");
                return null;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string help) => new(name) { Description = help };

    /// <summary>An argument that must be given.</summary>
    public static Argument<T> Required<T>(string name, string help, ValueParsers.TryParse<T> parser)
        where T : struct
    {
        return new Argument<T>(name)
        {
            Description = help,
            CustomParser = result => Read(result, name, parser) ?? default,
        };
    }

    /// <summary>A name that must be given.</summary>
    public static Argument<string> Required(string name, string help) => new(name) { Description = help };

    /// <summary>Adds a rule over several options. It counts only where each of them could be read.</summary>
    public static void Rule(Command command, Action<CommandResult> rule) => command.Validators.Add(result =>
    {
        try
        {
            rule(result);
        }
        catch (InvalidOperationException)
        {
            // The rule read an option whose own text is wrong; the parser reports that one itself.
        }
    });

    private static T? Read<T>(ArgumentResult result, string name, ValueParsers.TryParse<T> parser)
        where T : struct => Read(result, result.Tokens[0].Value, name, parser);

    private static T? Read<T>(ArgumentResult result, string text, string name, ValueParsers.TryParse<T> parser)
        where T : struct
    {
        if (parser(text, out var value, out var problem))
            return value;
        result.AddError($"{name}: {problem}");
        return null;
    }
}
