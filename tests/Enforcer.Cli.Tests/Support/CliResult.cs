using System.Text.Json;

namespace Enforcer.Cli.Tests.Support;

/// <summary>What a command line did.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>The lines of the answer.</summary>
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Each line of the answer as JSON.</summary>
    public JsonElement[] Json => Array.ConvertAll(Lines, line => JsonDocument.Parse(line).RootElement);

    /// <summary>Sees that it was done without a word on the error stream but notes.</summary>
    public CliResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}");
        return this;
    }

    /// <summary>Sees that it failed with this code, named these things on the error stream.</summary>
    public CliResult FailedWith(int exitCode, params string[] named)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.All(named, part => Assert.Contains(part, Error, StringComparison.Ordinal));
        return this;
    }
}
