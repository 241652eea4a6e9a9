using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Enforcer.Architecture.Tests;

/// <summary>The repository as these tests read it: projects, their references and their sources, generated code left out.</summary>
internal static class House
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../.."));

    public static IReadOnlyList<string> Projects { get; } =
        [.. Under("src"), .. Under("tests"), .. Under("loadtests"), .. Under("samples")];

    /// <summary>The C# sources below a folder of the repository.</summary>
    public static IEnumerable<string> Sources(string folder) => Files(folder, "*.cs");

    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        if (!Directory.Exists(path)) return [];
        return Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
            .Where(file => !HasFolder(file, "obj", "bin", "artifacts", "node_modules"))
            .Order(StringComparer.Ordinal);
    }

    public static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>The names of the projects that a project refers to.</summary>
    public static IEnumerable<string> References(string project) => XDocument.Load(project)
        .Descendants("ProjectReference")
        .Select(r => Name(r.Attribute("Include")!.Value.Replace('\\', '/')));

    public static IEnumerable<string> Packages(string project) => XDocument.Load(project)
        .Descendants("PackageReference")
        .Select(r => r.Attribute("Include")!.Value);

    private static IEnumerable<string> Under(string folder) => Files(folder, "*.csproj");

    private static bool HasFolder(string file, params string[] names) => Relative(file).Split('/').Intersect(names).Any();

    private static string Here([CallerFilePath] string path = "") => path;
}
