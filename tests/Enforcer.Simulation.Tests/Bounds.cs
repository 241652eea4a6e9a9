namespace Enforcer.Simulation.Tests;

internal static class Bounds
{
    /// <summary>A planted fault must be found in as many worlds as each run of the whole suite goes through.</summary>
    public const int MostWorlds = 10_000;
}
