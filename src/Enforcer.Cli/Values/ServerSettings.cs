using Enforcer.Cli.Shell;
using Enforcer.Server.Options;
using Microsoft.Extensions.Configuration;

namespace Enforcer.Cli.Values;

/// <summary>A server's options from all their sources: the command line before the environment before the file before the defaults.</summary>
internal static class ServerSettings
{
    private const string VariablePrefix = "ENFORCER__";
    private const string UsualFile = "appsettings.json";

    /// <summary>Reads them.</summary>
    /// <param name="terminal">Its environment: <c>ENFORCER__DATA</c>, <c>ENFORCER__JSONLOGS</c>, …</param>
    /// <param name="file">A JSON file with a section <c>Enforcer</c>, or null for <c>appsettings.json</c> where there is one.</param>
    /// <param name="named">What the command line names; null values are not named.</param>
    /// <exception cref="CliException">The file is not there, or holds something unknown or wrong.</exception>
    public static EnforcerServerOptions Read(Terminal terminal, string? file, IReadOnlyDictionary<string, string?> named)
    {
        if (file is not null && !File.Exists(file))
            throw new CliException($"--config: '{file}' is not there. Name a JSON file, or leave --config out.", ExitCode.Usage);
        var builder = new ConfigurationBuilder();
        var options = new EnforcerServerOptions();
        try
        {
            builder.AddJsonFile(Path.GetFullPath(file ?? UsualFile), optional: file is null);
            builder.AddInMemoryCollection(Variables(terminal));
            builder.AddInMemoryCollection(named.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(KeyOf(pair.Key), pair.Value)));
            builder.Build().GetSection(EnforcerServerOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return options;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or InvalidOperationException or FormatException)
        {
            var cause = wrong.InnerException is { } inner ? $"{wrong.Message} {inner.Message}" : wrong.Message;
            throw new CliException($"the settings cannot be read: {cause}", ExitCode.Usage);
        }
    }

    private static string KeyOf(string property) => $"{EnforcerServerOptions.Section}:{property}";

    private static IEnumerable<KeyValuePair<string, string?>> Variables(Terminal terminal) =>
        from property in typeof(EnforcerServerOptions).GetProperties()
        let value = terminal.Variable(VariablePrefix + property.Name.ToUpperInvariant()) ?? terminal.Variable(VariablePrefix + property.Name)
        where value is not null
        select KeyValuePair.Create(KeyOf(property.Name), (string?)value);
}
