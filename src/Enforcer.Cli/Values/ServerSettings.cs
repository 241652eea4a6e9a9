using Enforcer.Cli.Shell;
using Enforcer.Server.Options;

namespace Enforcer.Cli.Values;

/// <summary>A server's options from all their sources.</summary>
internal static class ServerSettings
{
    /// <inheritdoc cref="Settings.Read"/>
    public static EnforcerServerOptions Read(Terminal terminal, string? file, IReadOnlyDictionary<string, string?> named) =>
        new Settings(EnforcerServerOptions.Section).Read<EnforcerServerOptions>(terminal, file, named);
}
