using System.Globalization;
using Spectre.Console;

namespace Enforcer.Cli.Shell;

/// <summary>
/// What surrounds a command: its streams, whether people read them, its environment, its clock and the user's folder. Commands
/// touch nothing of the process but through this, so that tests can run them side by side.
/// </summary>
internal sealed class Terminal
{
    private const int WidthOfPipes = 4096;
    private readonly Lazy<IAnsiConsole> _human;
    private readonly Lazy<IAnsiConsole> _humanError;

    public Terminal()
    {
        _human = new(() => Create(Out!, OutIsTerminal));
        _humanError = new(() => Create(Error!, ErrorIsTerminal));
    }

    /// <summary>Answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors, notes and progress: what must not get into a pipe.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>What the user types or pipes in.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether a person reads <see cref="Out"/>.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person reads <see cref="Error"/>.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether a person types into <see cref="In"/>.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Reads a variable of the environment; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>The folder of this user's own settings; it need not exist.</summary>
    public required string SettingsFolder { get; init; }

    /// <summary>The clock of all commands.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary><see cref="Out"/> with colours, tables and live parts where a terminal shows them, plain text where not.</summary>
    public IAnsiConsole Human => _human.Value;

    /// <summary><see cref="Error"/> in the same way; progress goes here.</summary>
    public IAnsiConsole HumanError => _humanError.Value;

    /// <summary>The streams and the environment of this process.</summary>
    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        InIsTerminal = !Console.IsInputRedirected,
        Variable = Environment.GetEnvironmentVariable,
        SettingsFolder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "enforcer"),
    };

    /// <summary>A remark that is no part of the answer.</summary>
    public void Note(string text) => Error.WriteLine(Dress(text, Paint.Dim, HumanError));

    /// <summary>A failure: what, and the way out.</summary>
    public void Fail(string text) => Error.WriteLine(Dress("error:", Paint.Red, HumanError) + " " + text);

    /// <summary>One line of the answer. Lines are never wrapped, so that secrets and ids can be copied.</summary>
    public void Line(string text = "") => Out.WriteLine(text);

    /// <summary>A piece of a line for <see cref="Out"/>, coloured if the terminal shows colours.</summary>
    public string Dress(string text, Paint paint) => Dress(text, paint, Human);

    /// <summary>The time now, as people read it in a log: UTC, to the second.</summary>
    public string ClockText() => Clock.GetUtcNow().ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Dress(string text, Paint paint, IAnsiConsole console)
    {
        var code = paint switch
        {
            Paint.Bold => "1",
            Paint.Dim => "2",
            Paint.Green => "32",
            Paint.Yellow => "33",
            Paint.Red => "31",
            _ => "",
        };
        var shows = console.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };
        return shows && code.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
    }

    private IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var isCapable = isTerminal && Variable("TERM") != "dumb";
        var colours = isCapable && string.IsNullOrEmpty(Variable("NO_COLOR"));
        // Windows must be asked, because asking also switches its console over.
        var ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isCapable ? ansi : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = WidthOfPipes;
        return console;
    }
}
