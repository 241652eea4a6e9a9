namespace Enforcer.LoadTests.Edges;

/// <summary>The commands that a load test sends; the numbers are those of the fields in <c>Command</c>.</summary>
internal enum EdgeVerb : byte
{
    Reserve = 2,
    Commit = 4,
    Release = 5,
}
