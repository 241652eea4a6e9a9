using Enforcer.Simulation.Running;

namespace Enforcer.Simulation.Planting;

/// <summary>Looks for the first world that finds a planted fault.</summary>
internal static class Hunt
{
    public static IEnumerable<(string Name, string What)> All =>
        [.. DatabaseFaults.All.Select(static fault => (fault.Name, fault.What)), .. SourceFaults.All.Select(static fault => (fault.Name, fault.What))];

    /// <summary>The first finding, in words; null if none of so many worlds has one.</summary>
    /// <exception cref="ArgumentException">There is no such fault.</exception>
    public static string? Find(string name, ulong from, int seeds)
    {
        var database = DatabaseFaults.All.FirstOrDefault(fault => fault.Name == name);
        if (database.Make is not null) return Search(from, seeds, seed => Scenario.Run(seed, database.Make()));
        var source = SourceFaults.All.FirstOrDefault(fault => fault.Name == name)
            ?? throw new ArgumentException($"There is no planted fault '{name}'. There are: {string.Join(", ", All.Select(static fault => fault.Name))}.", nameof(name));
        return FindIn(source, from, seeds);
    }

    /// <summary>Called in a context of its own, where one assembly is another.</summary>
    public static string? FindPlain(ulong from, int seeds) => Search(from, seeds, static seed => Scenario.Run(seed));

    private static string? FindIn(SourceFault fault, ulong from, int seeds)
    {
        var folder = Directory.CreateTempSubdirectory("enforcer-mutant-");
        var context = new MutantContext(MutantCompiler.Build(fault, folder.FullName));
        try
        {
            var hunt = context.LoadFromAssemblyName(typeof(Hunt).Assembly.GetName()).GetType(typeof(Hunt).FullName!)!;
            return (string?)hunt.GetMethod(nameof(FindPlain))!.Invoke(null, [from, seeds]);
        }
        finally
        {
            context.Unload();
            folder.Delete(recursive: true);
        }
    }

    private static string? Search(ulong from, int seeds, Func<ulong, SimulationResult> run)
    {
        string? found = null;
        SimulationThread.Run(() =>
        {
            for (var seed = from; seed < from + (ulong)seeds && found is null; seed++)
            {
                if (run(seed).Violation is { } violation) found = $"seed {seed}: {violation.Rule}: {violation.What}";
            }
        });
        return found;
    }
}
