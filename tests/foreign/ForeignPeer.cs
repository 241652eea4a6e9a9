using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Foreign;

/// <summary>
/// A gRPC client or server of another maker, as a process: Node with @grpc/grpc-js or Python with grpcio. A machine without them
/// fails these tests and says what to install: evidence that is skipped is none.
/// </summary>
public sealed class ForeignPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _schemaFile;
    private readonly Task<string> _errors;

    private ForeignPeer(Process process, string schemaFile)
    {
        _schemaFile = schemaFile;
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs a script to its end and fails unless it succeeds.</summary>
    /// <param name="language">"node" or "python".</param>
    /// <param name="script">The file name in tests/foreign/node or tests/foreign/python, without its ending.</param>
    /// <param name="schema">Written to a file, whose name is the script's first argument.</param>
    /// <param name="arguments">The arguments after that.</param>
    public static async Task RunAsync(string language, string script, FileDescriptorSet schema, params string[] arguments)
    {
        await using var peer = Start(language, script, schema, arguments);
        var output = peer._process.StandardOutput.ReadToEndAsync();
        await peer._process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(peer._process.ExitCode == 0, $"{language} {script} {string.Join(' ', arguments)}:\n{await output}\n{await peer._errors}");
    }

    /// <summary>Starts a script that serves, and gives the port that it writes as its first line.</summary>
    public static async Task<(ForeignPeer Peer, int Port)> ServeAsync(string language, string script, FileDescriptorSet schema)
    {
        var peer = Start(language, script, schema, []);
        var line = await peer._process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (int.TryParse(line, out var port))
            return (peer, port);
        await peer.DisposeAsync();
        throw new InvalidOperationException($"{language} {script} wrote '{line}' instead of a port: {await peer._errors}");
    }

    /// <summary>The files of some services and all that they depend on, dependencies first.</summary>
    public static FileDescriptorSet Schema(params FileDescriptor[] files)
    {
        var set = new FileDescriptorSet();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
            Collect(file, done, set);
        return set;
    }

    /// <summary>Ends the process, however far it is.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
        File.Delete(_schemaFile);
    }

    private static ForeignPeer Start(string language, string script, FileDescriptorSet schema, string[] arguments)
    {
        var folder = Path.Combine(TestsFolder(), "foreign", language);
        var schemaFile = Path.Combine(Path.GetTempPath(), $"enforcer-foreign-{Guid.NewGuid():N}.pb");
        File.WriteAllBytes(schemaFile, schema.ToByteArray());
        var (program, ending) = language == "node" ? (Node(folder), ".js") : (Python(), ".py");
        var start = new ProcessStartInfo(program, [Path.Combine(folder, script + ending), schemaFile, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!, schemaFile);
    }

    private static string Node(string folder)
    {
        if (!CanRun("node", "--version"))
            Assert.Fail("The tests against Node need Node 20 or newer: install nodejs.");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@grpc", "grpc-js")))
            Assert.Fail($"The tests against Node need @grpc/grpc-js and @grpc/proto-loader: run `npm ci` in {folder}.");
        return "node";
    }

    private static string Python()
    {
        // A python3 found first on the path may lack the packages that the system's own one has.
        foreach (var candidate in new[] { "python3", "/usr/bin/python3" })
        {
            if (CanRun(candidate, "-c", "import grpc, google.protobuf"))
                return candidate;
        }
        Assert.Fail("The tests against Python need grpcio and protobuf: install python3-grpcio (Debian) or `pip install grpcio protobuf`.");
        return "";
    }

    private static bool CanRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string TestsFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enforcer.sln")))
                return Path.Combine(folder.FullName, "tests");
        }
        throw new DirectoryNotFoundException($"Enforcer.sln stands in no folder above {AppContext.BaseDirectory}.");
    }

    private static void Collect(FileDescriptor file, HashSet<string> done, FileDescriptorSet set)
    {
        if (!done.Add(file.Name))
            return;
        foreach (var dependency in file.Dependencies)
            Collect(dependency, done, set);
        set.File.Add(FileDescriptorProto.Parser.ParseFrom(file.SerializedData));
    }
}
