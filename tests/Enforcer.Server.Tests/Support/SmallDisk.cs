using System.Diagnostics;

namespace Enforcer.Server.Tests.Support;

/// <summary>A file system of a few megabytes. Mounting one needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("enforcer-disk-").FullName;

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk();
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Folder);
        return disk;
    }

    /// <summary>Takes all room but this much.</summary>
    public void FillBut(long bytes)
    {
        using var file = File.Create(Ballast);
        file.Write(new byte[new DriveInfo(Folder).AvailableFreeSpace - bytes]);
    }

    /// <summary>Gives that room back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Folder);
        Directory.Delete(Folder);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} (needs root): {said}");
    }
}
