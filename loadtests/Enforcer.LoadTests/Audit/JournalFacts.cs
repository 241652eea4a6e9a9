namespace Enforcer.LoadTests.Audit;

/// <summary>Reads a server's journal as facts.</summary>
internal static class JournalFacts
{
    public static IEnumerable<Fact> Read(string dataFolder) => throw new NotSupportedException(dataFolder);
}
