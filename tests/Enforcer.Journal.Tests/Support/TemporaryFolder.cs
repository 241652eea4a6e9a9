namespace Enforcer.Journal.Tests.Support;

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("enforcer-journal-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
