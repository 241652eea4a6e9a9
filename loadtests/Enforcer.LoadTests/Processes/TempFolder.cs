namespace Enforcer.LoadTests.Processes;

/// <summary>A new folder that is deleted with everything in it when the run is over, unless it is kept.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("enforcer-load-").FullName;

    /// <summary>Leaves the folder where it is, for a later audit.</summary>
    public bool IsKept { get; set; }

    public void Dispose()
    {
        if (!IsKept)
            Directory.Delete(Path, recursive: true);
    }
}
