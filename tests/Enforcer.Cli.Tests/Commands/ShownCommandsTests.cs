using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enforcer.Cli.Commands;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Tests.Commands;

/// <summary>Every command line that the documents and the compose file show is one that this program takes.</summary>
public sealed partial class ShownCommandsTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string, string> Shown
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md").Append(Path.Combine(Root, "README.md")).Order(StringComparer.Ordinal))
            {
                foreach (var line in CommandsIn(File.ReadAllText(file))) data.Add(Path.GetFileName(file), line);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void A_line_of_a_document_is_a_good_command_line(string file, string line) => Require(
        ShellWord().Matches(line).Select(match => match.Value.Replace("'", "", StringComparison.Ordinal)), $"{file}: {line}");

    [Fact]
    public void Every_command_of_the_compose_file_is_a_good_command_line()
    {
        var compose = File.ReadAllText(Path.Combine(Root, "docker-compose.yml"));
        var commands = ComposeCommand().Matches(compose).Select(match => WordsOf(match.Groups[1].Value)).ToList();
        Assert.Equal(7, commands.Count);
        foreach (var words in commands) Require(words, string.Join(' ', words));
        var checks = ComposeCheck().Matches(compose).Select(match => WordsOf(match.Groups[1].Value)).Where(words => words[1].StartsWith("/app/", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, checks.Count);
        foreach (var words in checks) Require(words.Skip(2), string.Join(' ', words));
    }

    [Fact]
    public void Every_variable_of_the_compose_file_is_told_by_help()
    {
        var help = string.Join(' ', Parser().Subcommands.SelectMany(command => command.Options).Select(option => option.Description));
        var names = ComposeVariable().Matches(File.ReadAllText(Path.Combine(Root, "docker-compose.yml"))).Select(match => match.Groups[1].Value)
            .Where(name => name != "PROJECT" && !name.StartsWith("POSTGRES_", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Equal(["ENFORCER_POSTGRES", "ENFORCER_TOKEN", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"], names);
        Assert.All(names, name => Assert.Contains(name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_starts_what_the_build_makes()
    {
        var image = File.ReadAllText(Path.Combine(Root, "Dockerfile"));
        var program = Assert.Single(Regex.Matches(image, @"ENTRYPOINT \[""/app/([^""]+)""\]")).Groups[1].Value;
        var project = Assert.Single(Regex.Matches(image, @"ARG PROJECT=(\S+)")).Groups[1].Value;
        Assert.Equal(typeof(EnforcerCli).Assembly.GetName().Name, program);
        Assert.True(Directory.Exists(Path.Combine(Root, project)), project);
    }

    private static void Require(IEnumerable<string> words, string shown)
    {
        var errors = Parser().Parse([.. words]).Errors;
        Assert.True(errors.Count == 0, $"{shown}: {string.Join(' ', errors.Select(error => error.Message))}");
    }

    private static RootCommand Parser() => EnforcerCli.Build(
        new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, SettingsFolder = Path.GetTempPath() },
        new ClusterPlans { ["orleans"] = static _ => throw new NotSupportedException() });

    /// <summary>What stands behind the program's name, in blocks of code, without what belongs to the shell.</summary>
    private static IEnumerable<string> CommandsIn(string text) =>
        from block in CodeBlock().Matches(text)
        from line in block.Groups[1].Value.Split('\n')
        let match = ShellLine().Match(line)
        where match.Success
        select match.Groups[1].Value.Trim();

    private static List<string> WordsOf(string json) => [.. JsonSerializer.Deserialize<string[]>(json)!];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Enforcer.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The solution is not above the tests.");
        return folder.FullName;
    }

    [GeneratedRegex("```(?:sh|console)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^(?:\$ )?(?:[A-Z_]+=(?:'[^']*'|\S+) )*(?:\S*enforcer(?:-orleans)?|dotnet run \S+ \S+ --project src/Enforcer\.Cli --) ((?:'[^']*'|[^#|>'])*)")]
    private static partial Regex ShellLine();

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex ShellWord();

    [GeneratedRegex(@"^    command: (\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex ComposeCommand();

    [GeneratedRegex(@"^    test: (\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex ComposeCheck();

    [GeneratedRegex(@"^ {2,6}([A-Z][A-Z_]+): ", RegexOptions.Multiline)]
    private static partial Regex ComposeVariable();
}
