using System.Globalization;

namespace Enforcer.LoadTests.Processes;

/// <summary>
/// A file system of its own in a file (ext4, mounted through a loop device), so that a real disk can really be full without anybody else's being so.
/// Needs root. The file is sparse: it takes only as much as was ever written into it.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    /// <summary>What is left when it is full: less than PostgreSQL needs for the next piece of any file.</summary>
    private const long LeftBytes = 64 * 1024;

    private const UnixFileMode Traversable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TempFolder _folder = new();

    private SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, "disk");

    private string Image => System.IO.Path.Combine(_folder.Path, "image");

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException("a disk that can be filled is mounted for this, which needs root");
        var disk = new SmallDisk();
        // A database does not run as root, and must get to its folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(disk._folder.Path, Traversable);
        await Tool.RunAsync("truncate", "-s", megabytes.ToString(CultureInfo.InvariantCulture) + "M", disk.Image).ConfigureAwait(false);
        await Tool.RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", disk.Image).ConfigureAwait(false);
        Directory.CreateDirectory(disk.Path);
        await Tool.RunAsync("mount", "-o", "loop", disk.Image, disk.Path).ConfigureAwait(false);
        return disk;
    }

    /// <summary>Takes all the room there is; what is written meanwhile finds none.</summary>
    public async Task FillAsync()
    {
        var free = new DriveInfo(Path).AvailableFreeSpace - LeftBytes;
        if (free > 0)
            await Tool.RunAsync("fallocate", "-l", free.ToString(CultureInfo.InvariantCulture), Ballast).ConfigureAwait(false);
    }

    /// <summary>Gives that room back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // Whoever had files on it may take a moment to be gone.
        for (var tries = 0; ; tries++)
        {
            try
            {
                await Tool.RunAsync("umount", Path).ConfigureAwait(false);
                break;
            }
            catch (InvalidOperationException) when (tries < 50)
            {
                await Task.Delay(100).ConfigureAwait(false);
            }
        }

        _folder.Dispose();
    }
}
