using System.Reflection;
using System.Runtime.Loader;

namespace Enforcer.Simulation.Planting;

/// <summary>This program once more, with one assembly exchanged.</summary>
internal sealed class MutantContext(string mutant) : AssemblyLoadContext(isCollectible: true)
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        if (assemblyName.Name?.StartsWith("Enforcer.", StringComparison.Ordinal) != true) return null;
        if (assemblyName.Name == Path.GetFileNameWithoutExtension(mutant)) return LoadFromAssemblyPath(mutant);
        return LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"));
    }
}
