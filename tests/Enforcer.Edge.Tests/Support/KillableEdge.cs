using System.Diagnostics;

namespace Enforcer.Edge.Tests.Support;

/// <summary><c>enforcer edge</c> as a process of its own, from the build output; disposing it is kill -9, however the test goes.</summary>
internal sealed class KillableEdge : IAsyncDisposable
{
    private const string BeforeAddress = "  edge      ";
    private readonly Process _process;

    public KillableEdge(World world, string folder)
    {
        // The tests lie beside it: artifacts/bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Enforcer.Cli", own.Name, "enforcer");
        var config = Path.Combine(folder, "edge.json");
        File.WriteAllText(config, $$"""
            { "Edge": { "Upstreams": [ { "Name": "only", "Protocol": "openai", "Url": "{{world.Upstream.Address}}", "Secret": "{{World.Secret}}", "Models": ["gpt-*"] } ] } }
            """);
        string[] arguments = ["edge", "--listen", "127.0.0.1:0", "--watch", "127.0.0.1:0", "--data", folder, "--config", config, "--server", world.Server, "--token", world.Token];
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }

    /// <summary>Where customers connect, as soon as it is ready.</summary>
    public async Task<Uri> AddressAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit) is { } line)
        {
            if (line.StartsWith(BeforeAddress, StringComparison.Ordinal))
                return new Uri(line[BeforeAddress.Length..].Split(' ')[0]);
        }
        throw new InvalidOperationException("The edge ended before it told its address.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
