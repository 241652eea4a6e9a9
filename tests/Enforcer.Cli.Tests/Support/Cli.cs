using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Tests.Support;

/// <summary>Runs command lines in this process, with surroundings of its own.</summary>
internal sealed class Cli : IDisposable
{
    public string Settings { get; } = Directory.CreateTempSubdirectory("enforcer-cli-").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    public bool IsTerminal { get; init; }

    public string Typed { get; init; } = "";

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Surroundings that talk to a server with its token.</summary>
    public static Cli For(FakeServer server, bool isTerminal = false, string typed = "")
    {
        var cli = new Cli { IsTerminal = isTerminal, Typed = typed };
        cli.Variables["ENFORCER_SERVER"] = server.Authority;
        cli.Variables["ENFORCER_TOKEN"] = FakeServer.Token;
        return cli;
    }

    public Task<CliResult> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    /// <summary>Runs a command line that is ended by Ctrl-C.</summary>
    /// <param name="args">The words.</param>
    /// <param name="ctrlC">Ends it.</param>
    /// <param name="watcher">Sees the answer as it is written; null: nobody does.</param>
    /// <param name="notes">Sees what is said beside the answer as it is written; null: nobody does.</param>
    public async Task<CliResult> RunAsync(string[] args, CancellationToken ctrlC, TextWriter? watcher = null, TextWriter? notes = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Out = watcher ?? output,
            Error = notes ?? error,
            In = new StringReader(Typed),
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            InIsTerminal = IsTerminal,
            Variable = name => Variables.GetValueOrDefault(name),
            SettingsFolder = Path.Combine(Settings, "enforcer"),
            Clock = Clock,
        };
        var exitCode = await EnforcerCli.RunAsync(args, terminal, ctrlC);
        return new(exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Settings, recursive: true);
}
