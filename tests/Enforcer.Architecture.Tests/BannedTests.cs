using System.Text.RegularExpressions;

namespace Enforcer.Architecture.Tests;

/// <summary>What may not stand in the sources: in the rules, no clock, no waiting, no input or output, and no fractions near money.</summary>
public sealed class BannedTests
{
    private const string Clock = @"\bDateTime(Offset)?\s*\.\s*(UtcNow|Now|Today)\b|\bStopwatch\b|\bEnvironment\s*\.\s*TickCount";
    private const string Fractions = @"\b(double|float|decimal|Half|Double|Single|Decimal)\b";
    private const string Randomness = @"\bnew Random\b|\bRandom\s*\.\s*Shared\b|\bRandomNumberGenerator\b|\bGuid\s*\.\s*(NewGuid|CreateVersion7)\b";

    [Theory]
    [InlineData("src/Enforcer.Ledger", Clock)]
    [InlineData("src/Enforcer.Ledger", Fractions)]
    [InlineData("src/Enforcer.Ledger", Randomness)]
    [InlineData("src/Enforcer.Ledger", @"\basync\b|\bawait\b|\bTask\b|\bThread\b|\block\s*\(|\bTimer\b|\bTimeProvider\b")]
    [InlineData("src/Enforcer.Ledger", @"\bSystem\.(IO|Net|Threading|Diagnostics)\b|\bFile\s*\.|\bConsole\s*\.|\bEnvironment\s*\.")]
    [InlineData("src/Enforcer.Journal", Fractions)]
    [InlineData("src/Enforcer.Pricing", Clock)]
    [InlineData("src/Enforcer.Pricing", @"\b(double|float|Half|Double|Single)\b")]
    [InlineData("src/Enforcer.Pricing", Randomness)]
    [InlineData("src/Enforcer.Pricing", @"\bSystem\.(IO|Net|Threading|Diagnostics)\b|\bFile\s*\.|\bConsole\s*\.|\bEnvironment\s*\.|\basync\b|\bTimeProvider\b")]
    [InlineData("src", @"\bDateTime(Offset)?\s*\.\s*(UtcNow|Now|Today)\b|\bEnvironment\s*\.\s*TickCount")] // clocks come from outside
    [InlineData("src", @"\bThread\s*\.\s*Sleep\b|\.GetAwaiter\(\)\s*\.\s*GetResult\(\)|\basync void\b")]
    public void Not_in(string folder, string banned) => Assert.Empty(
        from file in House.Sources(folder)
        let lines = Source.CodeOf(File.ReadAllText(file)).Split('\n')
        from at in Enumerable.Range(0, lines.Length)
        where Regex.IsMatch(lines[at], banned)
        select $"{House.Relative(file)}:{at + 1}: {lines[at].Trim()}");

    [Theory]
    [InlineData("*.cs")]
    [InlineData("*.csproj")]
    [InlineData("*.md")]
    [InlineData("*.json")]
    [InlineData("*.proto")]
    [InlineData("*.sh")]
    public void No_machine_is_named(string pattern) => Assert.Empty(
        from folder in new[] { "src", "tests", "loadtests", "samples", "docs", "protos" }
        from file in House.Files(folder, pattern)
        where File.ReadLines(file).Any(line => Regex.IsMatch(line, @"(?<![\w.])/(wo[r]k|ro[o]t|ho[m]e/\w+)/|[A-Z]:\\U[s]ers"))
        select House.Relative(file));

    [Fact]
    public void Namespaces_take_no_braces() => Assert.Empty(
        House.Sources("src").Where(f => Regex.IsMatch(Source.CodeOf(File.ReadAllText(f)), @"^namespace [\w.]+\s*\{", RegexOptions.Multiline)).Select(House.Relative));
}
