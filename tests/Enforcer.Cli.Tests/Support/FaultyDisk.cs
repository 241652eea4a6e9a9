using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Enforcer.Cli.Tests.Support;

/// <summary>
/// A disk whose fsync fails for chosen files: SQLite's usual file system (its <c>sqlite3_vfs</c>) with another <c>xSync</c>. It stands under
/// every connection that is opened after <see cref="Install"/>, and lets all else through.
/// </summary>
internal static unsafe partial class FaultyDisk
{
    private const int SyncFailed = 10 | (4 << 8);
    private const int VfsBytes = 168;
    private const int VfsNext = 16;
    private const int VfsOpen = 40;
    private const int MethodsBytes = 152;
    private const int MethodsSync = 40;
    private static readonly ConcurrentDictionary<string, bool> Failing = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<nint, string> Names = new();
    private static readonly ConcurrentDictionary<nint, nint> Replaced = new();
    private static readonly Lazy<bool> Installed = new(Register);
    private static delegate* unmanaged[Cdecl]<nint, nint, nint, int, nint, int> _open;
    private static delegate* unmanaged[Cdecl]<nint, int, int> _sync;

    /// <summary>Puts it under all connections to come.</summary>
    public static void Install() => _ = Installed.Value;

    /// <summary>From now on, every fsync of this file fails.</summary>
    public static void FailSyncsOf(string file) => Failing[file] = true;

    /// <summary>The disk is sound again.</summary>
    public static void Mend() => Failing.Clear();

    private static bool Register()
    {
        SQLitePCL.Batteries_V2.Init();
        var usual = Find(0);
        var faulty = NativeMemory.AllocZeroed(VfsBytes);
        Unsafe.CopyBlock(faulty, (void*)usual, VfsBytes);
        _open = (delegate* unmanaged[Cdecl]<nint, nint, nint, int, nint, int>)At(usual, VfsOpen);
        At((nint)faulty, VfsNext) = 0;
        At((nint)faulty, VfsOpen) = (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, int, nint, int>)&Open;
        return RegisterVfs((nint)faulty, 1) == 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(nint vfs, nint name, nint file, int flags, nint outFlags)
    {
        var result = _open(vfs, name, file, flags, outFlags);
        // The first word of an open file points to its methods.
        if (result != 0 || name == 0 || At(file, 0) == 0) return result;
        Names[file] = Marshal.PtrToStringUTF8(name)!;
        At(file, 0) = Replaced.GetOrAdd(At(file, 0), Faulty);
        return result;
    }

    private static nint Faulty(nint usual)
    {
        var methods = NativeMemory.AllocZeroed(MethodsBytes);
        Unsafe.CopyBlock(methods, (void*)usual, MethodsBytes);
        _sync = (delegate* unmanaged[Cdecl]<nint, int, int>)At(usual, MethodsSync);
        At((nint)methods, MethodsSync) = (nint)(delegate* unmanaged[Cdecl]<nint, int, int>)&Sync;
        return (nint)methods;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(nint file, int flags) =>
        Names.TryGetValue(file, out var name) && Failing.ContainsKey(name) ? SyncFailed : _sync(file, flags);

    private static ref nint At(nint structure, int offset) => ref *(nint*)(structure + offset);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    private static partial nint Find(nint name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int RegisterVfs(nint vfs, int makeDefault);
}
