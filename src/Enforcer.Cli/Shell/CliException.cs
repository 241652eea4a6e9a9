namespace Enforcer.Cli.Shell;

/// <summary>
/// Ends a command with a message for people on the error stream: what failed, the value, the rule, and the way out.
/// </summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    /// <summary>What the process returns.</summary>
    public int ExitCode { get; } = exitCode;
}
