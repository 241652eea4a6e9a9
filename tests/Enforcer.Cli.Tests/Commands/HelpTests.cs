using System.CommandLine;
using System.Text.RegularExpressions;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Tests.Support;

namespace Enforcer.Cli.Tests.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> AllCommands()
    {
        var data = new TheoryData<string>();
        foreach (var (path, _) in Walk())
            data.Add(path);
        return data;
    }

    [Theory]
    [MemberData(nameof(AllCommands))]
    public async Task Every_command_explains_itself_with_examples(string path)
    {
        using var cli = new Support.Cli();
        var result = (await cli.RunAsync([.. path.Split(' '), "--help"])).Succeeded();
        Assert.Contains("Usage:", result.Out, StringComparison.Ordinal);
        Assert.Contains("Examples:", result.Out, StringComparison.Ordinal);
        Assert.Contains($"enforcer {path}", result.Out, StringComparison.Ordinal);
    }

    /// <summary>An example that does not parse teaches nonsense.</summary>
    [Theory]
    [MemberData(nameof(AllCommands))]
    public void Every_example_is_a_good_command_line(string path)
    {
        var root = EnforcerCli.Build(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, SettingsFolder = Path.GetTempPath() });
        foreach (var example in Walk().Single(entry => entry.Path == path).Command.Examples)
        {
            var line = Own(example);
            var parsed = root.Parse(System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line.Replace('\'', '"')).Skip(1).ToList());
            Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public async Task Without_a_command_there_is_the_tour()
    {
        using var cli = new Support.Cli();
        var result = (await cli.RunAsync()).Succeeded();
        Assert.Contains("enforcer keys create --cap '$5' --rpm 600", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_without_a_command_names_its_commands()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("keys")).FailedWith(2, "create, list, show, rotate, revoke", "enforcer keys --help");
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("keys", "create", "--nonsense")]
    [InlineData("accounts", "show")]
    [InlineData("tokens", "create", "--role", "king")]
    public async Task A_wrong_command_line_exits_with_2_and_writes_no_answer(params string[] args)
    {
        using var cli = new Support.Cli();
        Assert.Equal("", (await cli.RunAsync(args)).FailedWith(2, "error:", "--help").Out);
    }

    [Theory]
    [InlineData("--role: 'king' is none of edge, viewer, operator, admin", "tokens", "create", "--role", "king")]
    [InlineData("--on-expiry: 'never' is none of charge, release", "keys", "create", "--on-expiry", "never")]
    public async Task A_word_that_is_no_choice_is_named_with_those_there_are(string said, params string[] args)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync(args)).FailedWith(2, said);
    }

    [Theory]
    [InlineData("ACCOUNT is missing: The account.", "accounts", "topup")]
    [InlineData("RESERVATION is missing: The reservation", "accounts", "reverse", "acme")]
    [InlineData("NODE is missing", "drain")]
    public async Task A_missing_argument_is_named(string said, params string[] args)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync(args)).FailedWith(2, said, "--help");
    }

    [Fact]
    public async Task An_amount_that_the_shell_took_away_is_recognised()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("keys", "create", "--cap", "--rpm", "600")).FailedWith(2, "--cap", "'$5'");
        (await cli.RunAsync("keys", "create", "--cap", ".25")).FailedWith(2, "--cap", "'$1.25'");
    }

    private static string Own(string example)
    {
        // What stands before and behind the command itself belongs to the shell.
        var line = example[Regex.Match(example, @"(?<![\w/])enforcer ").Index..];
        var end = line.IndexOfAny(['|', '>', ')', ';', '#']);
        return end < 0 ? line : line[..end];
    }

    private static IEnumerable<(string Path, CliCommand Command)> Walk()
    {
        var root = EnforcerCli.Build(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, SettingsFolder = Path.GetTempPath() });
        foreach (var child in root.Subcommands)
        {
            if (child is CliCommand command)
                yield return (command.Name, command);
            foreach (var grandchild in child.Subcommands.OfType<CliCommand>())
                yield return ($"{child.Name} {grandchild.Name}", grandchild);
        }
    }
}
