namespace Enforcer.Simulation.Planting;

/// <summary>A fault as an edit of production code, which is built with it and run; the code itself knows no switch.</summary>
/// <param name="Name">A word or two, for the command line.</param>
/// <param name="What">What is wrong then.</param>
/// <param name="File">The file below src/; its first folder is the project.</param>
/// <param name="Text">What stands there once.</param>
/// <param name="Instead">What stands there then.</param>
internal sealed record SourceFault(string Name, string What, string File, string Text, string Instead);
