using System.CommandLine;
using Enforcer.Access;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Journal;
using Enforcer.Server;
using Enforcer.Server.Options;
using Microsoft.Extensions.Configuration;

namespace Enforcer.Cli.Commands;

/// <summary><c>serve</c>: runs a server until Ctrl-C.</summary>
internal sealed class ServeCommand : CliCommand
{
    private readonly Option<string?> _data = new("--data") { Description = "The folder of journal and directory (default: enforcer-data)." };
    private readonly Option<string?> _grpc = new("--grpc") { Description = "Where gRPC listens (default: 127.0.0.1:7070)." };
    private readonly Option<string?> _http = new("--http") { Description = "Where REST, metrics and health listen (default: 127.0.0.1:7080)." };
    private readonly Option<string?> _config = new("--config") { Description = "A JSON file with the section Enforcer (default: appsettings.json, if there is one)." };
    private readonly Option<bool> _login = CliOption.Switch("--login", "On the first start, stores the admin token for this user as 'enforcer login' does.");

    public ServeCommand(Terminal terminal)
        : base(
            terminal, "serve", "Runs a server on this machine until Ctrl-C. The first start of a data folder prints an admin token, once.",
            "enforcer serve --login",
            "enforcer serve --data /var/lib/enforcer --grpc 0.0.0.0:7070 --http 127.0.0.1:7080",
            "ENFORCER__OTLP=http://127.0.0.1:4317 enforcer serve --config enforcer.json")
    {
        foreach (var option in new Option[] { _data, _grpc, _http, _config, _login }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(OptionsOf(parse), cancellationToken);
        if (server.FirstAdminToken is { } token) Hand(token, server.Grpc, parse.GetValue(_login));
        Terminal.Line($"Enforcer is ready: gRPC {server.Grpc.Authority}, HTTP {server.Http.Authority}. Stop it with Ctrl-C.");
        var stopped = Task.Delay(Timeout.Infinite, cancellationToken);
        if (await Task.WhenAny(stopped, server.Ended) == stopped) return ExitCode.Ok;
        // What the disk holds is not known: nothing may be told from memory any more, not even while stopping.
        throw new CliException($"the journal has ended: {(await server.Ended).Message} Start again when the cause is mended.");
    }

    private static async Task<EnforcerServer> StartAsync(EnforcerServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await EnforcerServer.StartAsync(options, TimeProvider.System, cancellationToken);
        }
        catch (OptionsException problem)
        {
            throw new CliException(problem.Message, ExitCode.Usage);
        }
        catch (Exception problem) when (problem is JournalCorruptException or JournalFormatException or JournalUnavailableException or DirectoryException)
        {
            throw new CliException(problem.Message);
        }
    }

    private EnforcerServerOptions OptionsOf(ParseResult parse)
    {
        var file = parse.GetValue(_config);
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath(file ?? "appsettings.json"), optional: file is null)
            .AddEnvironmentVariables()
            .Build();
        var options = configuration.GetSection(EnforcerServerOptions.Section).Get<EnforcerServerOptions>() ?? new EnforcerServerOptions();
        options.Data = parse.GetValue(_data) ?? options.Data;
        options.Grpc = parse.GetValue(_grpc) ?? options.Grpc;
        options.Http = parse.GetValue(_http) ?? options.Http;
        return options;
    }

    private void Hand(string token, Uri grpc, bool stores)
    {
        if (!stores)
        {
            Terminal.Line("The admin token of this data folder, shown this once:");
            Terminal.Line($"  {token}");
            Terminal.Line("Keep it safe, or store it for this user with 'enforcer login'.");
            return;
        }
        var store = new LoginStore(Terminal);
        store.Save(grpc, token);
        Terminal.Line($"The admin token of this data folder is stored for you in {store.Path}; it is shown nowhere.");
    }
}
