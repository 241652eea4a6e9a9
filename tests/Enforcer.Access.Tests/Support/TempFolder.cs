namespace Enforcer.Access.Tests;

internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("enforcer-access-");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public IEnumerable<string> Files() => System.IO.Directory.EnumerateFiles(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);
}
