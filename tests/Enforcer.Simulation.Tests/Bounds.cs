namespace Enforcer.Simulation.Tests;

internal static class Bounds
{
    /// <summary>A planted fault must be found in so many worlds.</summary>
    public const int MostWorlds = 5_000;
}
