using Enforcer.Cli.Shell;
using Microsoft.Extensions.Configuration;

namespace Enforcer.Cli.Values;

/// <summary>A program's options from all their sources: the command line before the environment before the file before the defaults.</summary>
/// <param name="section">The section of the file, and the beginning of the variables: <c>Enforcer</c> makes <c>ENFORCER__DATA</c>.</param>
internal sealed class Settings(string section)
{
    private const string UsualFile = "appsettings.json";

    /// <summary>Reads them.</summary>
    /// <param name="terminal">Its environment.</param>
    /// <param name="file">A JSON file with the section, or null for <c>appsettings.json</c> where there is one.</param>
    /// <param name="named">What the command line names; null values are not named.</param>
    /// <exception cref="CliException">The file is not there, or holds something unknown or wrong.</exception>
    public T Read<T>(Terminal terminal, string? file, IReadOnlyDictionary<string, string?> named)
        where T : new()
    {
        if (file is not null && !File.Exists(file))
            throw new CliException($"--config: '{file}' is not there. Name a JSON file, or leave --config out.", ExitCode.Usage);
        var builder = new ConfigurationBuilder();
        var options = new T();
        try
        {
            builder.AddJsonFile(Path.GetFullPath(file ?? UsualFile), optional: file is null);
            builder.AddInMemoryCollection(Variables(terminal, typeof(T)));
            builder.AddInMemoryCollection(named.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(KeyOf(pair.Key), pair.Value)));
            builder.Build().GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return options;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or InvalidOperationException or FormatException)
        {
            var cause = wrong.InnerException is { } inner ? $"{wrong.Message} {inner.Message}" : wrong.Message;
            throw new CliException($"the settings cannot be read: {cause}", ExitCode.Usage);
        }
    }

    private string KeyOf(string property) => $"{section}:{property}";

    private IEnumerable<KeyValuePair<string, string?>> Variables(Terminal terminal, Type type)
    {
        var prefix = section.ToUpperInvariant() + "__";
        return from property in type.GetProperties()
               let value = terminal.Variable(prefix + property.Name.ToUpperInvariant()) ?? terminal.Variable(prefix + property.Name)
               where value is not null
               select KeyValuePair.Create(KeyOf(property.Name), (string?)value);
    }
}
