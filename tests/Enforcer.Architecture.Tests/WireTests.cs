using System.Globalization;
using System.Text.RegularExpressions;

namespace Enforcer.Architecture.Tests;

/// <summary>The numbers of the wire are the numbers of the rules, so that they can be cast and never drift apart.</summary>
public sealed class WireTests
{
    /// <summary>Names that differ: C# has no prefixes and says what happened in one word.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["AccountOpened"] = "Opened",
        ["ReservationMade"] = "Reserved",
        ["ReservationExtended"] = "Extended",
        ["ReservationCommitted"] = "Committed",
        ["ReservationReleased"] = "Released",
        ["ReservationExpired"] = "Expired",
        ["CommitReversed"] = "Reversed",
        ["Suspension"] = "Suspended",
        ["Resumption"] = "Resumed",
        ["Closure"] = "Closed",
        ["AccountSuspended"] = "Suspended",
        ["AccountClosed"] = "Closed",
    };

    [Theory]
    [InlineData("Refusal", "src/Enforcer.Ledger/Refusal.cs", "NeedsHistory NeedsOffer")]
    [InlineData("EntryKind", "src/Enforcer.Ledger/Entries/EntryKind.cs", "None")]
    [InlineData("AccountStatus", "src/Enforcer.Ledger/Accounts/AccountStatus.cs", "None")]
    [InlineData("SpendWindow", "src/Enforcer.Ledger/Limits/SpendWindow.cs", "")]
    [InlineData("ExpiryPolicy", "src/Enforcer.Ledger/Limits/ExpiryPolicy.cs", "")]
    public void An_enum_of_the_wire_is_that_of_the_rules(string name, string source, string onlyInRules)
    {
        var rules = Members(Path.Combine(House.Root, source), "enum " + name);
        foreach (var internalName in onlyInRules.Split(' ')) rules.Remove(internalName);
        Assert.NotEmpty(rules);
        Assert.Equal(rules.OrderBy(m => m.Value), Wire(name).OrderBy(m => m.Value));
    }

    private static Dictionary<string, int> Wire(string name)
    {
        var proto = House.Files("protos", "*.proto").Single(f => File.ReadAllText(f).Contains($"enum {name} {{", StringComparison.Ordinal));
        return Members(proto, "enum " + name)
            .Where(m => !m.Key.EndsWith("_UNSPECIFIED", StringComparison.Ordinal))
            .ToDictionary(m => Renamed.GetValueOrDefault(Pascal(m.Key), Pascal(m.Key)), m => m.Value);
    }

    private static Dictionary<string, int> Members(string file, string declaration)
    {
        var code = Source.CodeOf(File.ReadAllText(file));
        var start = code.IndexOf('{', code.IndexOf(declaration, StringComparison.Ordinal));
        var body = code[start..code.IndexOf('}', start)];
        return Regex.Matches(body, @"(\w+)\s*=\s*(\d+)")
            .ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static string Pascal(string name) => string.Concat(
        name.Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant()));
}
