using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Xml.Linq;

namespace Enforcer.Simulation.Planting;

/// <summary>
/// Builds one production project with one edit, by the compiler of the SDK that built this program. It is loaded into this process: to start it anew for each
/// fault costs several times what it then does.
/// </summary>
internal static class MutantCompiler
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; " +
        "global using System.Threading; global using System.Threading.Tasks;\n";

    private static readonly Lazy<MethodInfo> Compiler = new(LoadCompiler);

    private static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));

    /// <summary>The edited project's assembly, in a folder.</summary>
    /// <exception cref="InvalidOperationException">The text to be replaced is not there once, or what came of it does not compile.</exception>
    public static string Build(SourceFault fault, string folder)
    {
        var project = fault.File[..fault.File.IndexOf('/', StringComparison.Ordinal)];
        var source = Path.Combine(Root, "src", project);
        var edited = Path.Combine(Root, "src", fault.File);
        var text = File.ReadAllText(edited);
        if (text.Split(fault.Text).Length != 2)
            throw new InvalidOperationException($"Planted fault '{fault.Name}': src/{fault.File} does not hold its text exactly once; the code has changed, so must the fault.");
        var mutant = Path.Combine(folder, "Mutant.cs");
        File.WriteAllText(mutant, text.Replace(fault.Text, fault.Instead, StringComparison.Ordinal));
        var usings = Path.Combine(folder, "Usings.cs");
        File.WriteAllText(usings, Usings + string.Concat(FriendsOf(Path.Combine(source, project + ".csproj")).Select(static friend =>
            $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")]\n")));
        var output = Path.Combine(folder, project + ".dll");
        var sources = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Where(file => file != edited).Order(StringComparer.Ordinal);
        string[] arguments =
        [
            "/noconfig", "/nostdlib", "/target:library", "/langversion:latest", "/nullable:enable", "/checked+", "/optimize+", "/nologo", "/nowarn:CS0162,CS0219,CS1701",
            $"/out:{output}", .. References(project).Select(static reference => $"/r:\"{reference}\""), .. Generators().Select(static file => $"/analyzer:\"{file}\""),
            mutant, usings, .. sources,
        ];
        Compile(fault, folder, arguments);
        return output;
    }

    private static void Compile(SourceFault fault, string folder, string[] arguments)
    {
        var errors = Path.Combine(folder, "errors.json");
        var status = (int)Compiler.Value.Invoke(null, [(string[])[.. arguments, $"/errorlog:{errors}"]])!;
        if (status != 0) throw new InvalidOperationException($"Planted fault '{fault.Name}' does not compile:\n{File.ReadAllText(errors)}");
    }

    private static MethodInfo LoadCompiler()
    {
        var file = Newest("sdk/*/Roslyn/bincore/csc.dll");
        var context = new AssemblyLoadContext("compiler");
        context.Resolving += (_, name) =>
            Path.Combine(Path.GetDirectoryName(file)!, name.Name + ".dll") is var part && File.Exists(part) ? context.LoadFromAssemblyPath(part) : null;
        return context.LoadFromAssemblyPath(file).EntryPoint!;
    }

    /// <summary>Everything that this program itself runs on, but the project that is built.</summary>
    private static IEnumerable<string> References(string project) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) != project && !Path.GetFileName(file).StartsWith("xunit", StringComparison.Ordinal));

    /// <summary>Log messages are generated.</summary>
    private static IEnumerable<string> Generators() => [Newest("packs/Microsoft.AspNetCore.App.Ref/*/analyzers/dotnet/cs/Microsoft.Extensions.Logging.Generators.dll")];

    private static IEnumerable<string> FriendsOf(string project) =>
        XDocument.Load(project).Descendants("InternalsVisibleTo").Select(static friend => friend.Attribute("Include")!.Value);

    private static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    /// <summary>The file of the highest version among those below dotnet's folder; the star stands for the version.</summary>
    private static string Newest(string pattern)
    {
        var (before, after) = (pattern[..pattern.IndexOf('*', StringComparison.Ordinal)], pattern[(pattern.IndexOf('*', StringComparison.Ordinal) + 2)..]);
        return Directory.EnumerateDirectories(Path.Combine(DotnetRoot, before))
            .Select(version => Path.Combine(version, after)).Where(File.Exists)
            .OrderBy(static file => Version.TryParse(file.Split('/', '\\').FirstOrDefault(static part => part.Contains('.', StringComparison.Ordinal) && char.IsAsciiDigit(part[0])), out var version) ? version : new Version())
            .LastOrDefault() ?? throw new InvalidOperationException($"{Path.Combine(DotnetRoot, pattern)} is not there; planted faults need the .NET SDK.");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
