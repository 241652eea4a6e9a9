using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Enforcer.Architecture.Tests;

/// <summary>Who may refer to whom: one way, from the rules outwards.</summary>
public sealed class ReferenceTests
{
    /// <summary>A project may refer to these, and through them to what they refer to.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Enforcer.Ledger"] = ["Enforcer.Pricing"],
        ["Enforcer.Pricing"] = [],
        ["Enforcer.Grpc"] = [],
        ["Enforcer.Protocol"] = [],
        ["Enforcer.Access"] = [],
        ["Enforcer.Telemetry"] = [],
        ["Enforcer.Journal"] = ["Enforcer.Ledger"],
        ["Enforcer.Storage.Sqlite"] = ["Enforcer.Journal", "Enforcer.Access"],
        ["Enforcer.Storage.Postgres"] = ["Enforcer.Journal", "Enforcer.Access", "Enforcer.Cluster"],
        ["Enforcer.Host"] = ["Enforcer.Journal"],
        ["Enforcer.Cluster"] = ["Enforcer.Host", "Enforcer.Grpc", "Enforcer.Protocol"],
        ["Enforcer.Orleans"] = ["Enforcer.Cluster", "Enforcer.Storage.Postgres"],
        ["Enforcer.Orleans.Cli"] = ["Enforcer.Cli", "Enforcer.Orleans"],
        ["Enforcer.Client"] = ["Enforcer.Grpc", "Enforcer.Protocol"],
        ["Enforcer.Server"] = ["Enforcer.Pricing", "Enforcer.Cluster", "Enforcer.Host", "Enforcer.Access", "Enforcer.Grpc", "Enforcer.Protocol", "Enforcer.Storage.Sqlite", "Enforcer.Storage.Postgres", "Enforcer.Telemetry"],
        ["Enforcer.Edge"] = ["Enforcer.Client", "Enforcer.Pricing", "Enforcer.Telemetry"],
        ["Enforcer.Cli"] = ["Enforcer.Client", "Enforcer.Server", "Enforcer.Edge"],
    };

    public static TheoryData<string> SourceProjects => [.. House.Projects.Where(p => House.Relative(p).StartsWith("src/", StringComparison.Ordinal)).Select(House.Name)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_refers_only_to_what_lies_below_it(string project) =>
        Assert.Empty(House.References(PathOf(project)).Except(Below(project)));

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void So_does_what_was_compiled(string project)
    {
        foreach (var assembly in Compiled(project)) Assert.Empty(ReferencesOf(assembly).Except(Below(project)));
    }

    [Theory]
    [InlineData("Enforcer.Ledger")]
    [InlineData("Enforcer.Pricing")]
    [InlineData("Enforcer.Journal")]
    public void The_core_has_no_packages(string project) => Assert.Empty(House.Packages(PathOf(project)));

    [Fact]
    public void Every_project_is_in_the_solution_or_in_that_of_Orleans()
    {
        var (all, orleans) = (SolutionOf("Enforcer.sln"), SolutionOf("Enforcer.Orleans.sln"));
        Assert.DoesNotContain("Enforcer.Orleans", all, StringComparison.Ordinal);
        Assert.All(House.Projects, project => Assert.Contains(
            $"\"{House.Relative(project)}\"", House.Name(project).StartsWith("Enforcer.Orleans", StringComparison.Ordinal) ? orleans : all, StringComparison.Ordinal));
    }

    private static string SolutionOf(string name) => File.ReadAllText(Path.Combine(House.Root, name)).Replace('\\', '/');

    private static string PathOf(string project) => House.Projects.Single(p => House.Name(p) == project);

    private static HashSet<string> Below(string project)
    {
        var below = new HashSet<string>(Allowed[project]);
        foreach (var direct in Allowed[project]) below.UnionWith(Below(direct));
        return below;
    }

    /// <summary>Every build of it that there is; none where it was not built, which its sources stand in for.</summary>
    private static IEnumerable<string> Compiled(string project)
    {
        var folder = Path.Combine(House.Root, "artifacts", "bin", project);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, project + ".dll", SearchOption.AllDirectories) : [];
    }

    private static List<string> ReferencesOf(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("Enforcer.", StringComparison.Ordinal))];
    }
}
