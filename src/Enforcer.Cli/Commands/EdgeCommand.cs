using System.CommandLine;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Edge;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Microsoft.AspNetCore.Connections;

namespace Enforcer.Cli.Commands;

/// <summary><c>edge</c>: runs the gateway until it is told to stop.</summary>
internal sealed class EdgeCommand : CliCommand
{
    private static readonly (string Name, string Url, string Variable, string[] Reasoning)[] Known =
    [
        ("openai", "https://api.openai.com", "OPENAI_API_KEY", ["gpt-5*", "o1*", "o3*", "o4*"]),
        ("anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", []),
    ];

    private readonly ServerOptions _server;
    private readonly Option<string?> _config = CliOption.Text(
        "--config", "A JSON file with settings in a section Edge. Variables such as EDGE__LISTEN come before it, options before both. [default: appsettings.json, if there is one]",
        "FILE");
    private readonly Option<string?> _listen = CliOption.Text("--listen", "Where customers connect. Port 0: a free one. [default: 127.0.0.1:7090]", "IP:PORT");
    private readonly Option<string?> _watch = CliOption.Text("--watch", "Where metrics and health are told. Port 0: a free one. [default: 127.0.0.1:7091]", "IP:PORT");
    private readonly Option<string?> _otlp = CliOption.Text("--otlp", "Where to send traces and metrics, such as http://127.0.0.1:4317.", "URL");
    private readonly Option<string?> _data = CliOption.Text("--data", "The folder for the outbox; made if it does not exist. [default: ./enforcer-edge-data]", "DIR");
    private readonly Option<string?> _upstream = CliOption.Text(
        "--upstream", "Sends calls of both protocols there, without a secret: for the simulated upstream. [default: OpenAI with OPENAI_API_KEY, Anthropic with ANTHROPIC_API_KEY]",
        "URL");
    private readonly Option<bool> _jsonLogs = CliOption.Switch("--json-logs", "Writes logs as JSON, a line each.");

    public EdgeCommand(Terminal terminal)
        : base(
            terminal, "edge", "Runs the gateway for OpenAI's and Anthropic's SDKs: each key stops exactly at its cap. Ctrl-C stops it.",
            "OPENAI_API_KEY=sk-… enforcer edge",
            "enforcer edge --upstream http://127.0.0.1:7099",
            "enforcer edge --config /etc/enforcer-edge.json --data /var/lib/enforcer-edge")
    {
        _server = new ServerOptions(terminal);
        Option[] all = [_config, _listen, _watch, _data, _upstream, _otlp, _jsonLogs];
        foreach (var option in all)
            Add(option);
    }

    public override void AddShared() => _server.AddTo(this);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = new Settings(EdgeOptions.Section).Read<EdgeOptions>(Terminal, parse.GetValue(_config), Named(parse));
        if (options.Token.Length == 0)
            options.Token = _server.Token(parse);
        AddUpstreams(options, parse.GetValue(_upstream));
        await using var edge = await StartAsync(options, cancellationToken);
        Terminal.Line(Terminal.Dress("The edge is ready.", Paint.Green));
        Terminal.Line($"  edge      {edge.Address.GetLeftPart(UriPartial.Authority)}  (base URL for OpenAI's SDK: with /v1; for Anthropic's: as it is)");
        Terminal.Line($"  watch     {edge.Watch.GetLeftPart(UriPartial.Authority)}  (/metrics, /readyz)");
        Terminal.Line($"  enforcer  {options.Enforcer}");
        foreach (var upstream in options.Upstreams)
            Terminal.Line($"  upstream  {upstream.Name}  {upstream.Url}");
        await Terminal.Out.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Terminal.Note("Stopping: calls under way are brought to their end and booked.");
        return ExitCode.Ok;
    }

    private async Task<EdgeServer> StartAsync(EdgeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await EdgeServer.StartAsync(options, Terminal.Clock, cancellationToken);
        }
        catch (EdgeOptionsException wrong)
        {
            throw new CliException(wrong.Message, ExitCode.Usage);
        }
        catch (OutboxException failure)
        {
            throw new CliException(failure.Message);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new CliException($"{taken.Message.TrimEnd('.')}. Does an edge run there already? Name other addresses with --listen and --watch.");
        }
    }

    private Dictionary<string, string?> Named(ParseResult parse) => new()
    {
        [nameof(EdgeOptions.Listen)] = parse.GetValue(_listen),
        [nameof(EdgeOptions.Watch)] = parse.GetValue(_watch),
        [nameof(EdgeOptions.Otlp)] = parse.GetValue(_otlp),
        [nameof(EdgeOptions.Data)] = parse.GetValue(_data),
        [nameof(EdgeOptions.JsonLogs)] = parse.GetValue(_jsonLogs) ? "true" : null,
        [nameof(EdgeOptions.Enforcer)] = _server.IsNamed(parse) ? _server.Address(parse).GetLeftPart(UriPartial.Authority) : null,
    };

    /// <summary>What the command line names takes the place of the file's upstreams; where there are none, the known providers whose secrets are set.</summary>
    private void AddUpstreams(EdgeOptions options, string? named)
    {
        if (named is not null)
            options.Upstreams.Clear();
        if (options.Upstreams.Count > 0)
            return;
        foreach (var (name, url, variable, reasoning) in Known)
        {
            if (named is null && string.IsNullOrEmpty(Terminal.Variable(variable)))
                continue;
            var upstream = new UpstreamSettings
            {
                Name = name,
                Protocol = name,
                Provider = name,
                Url = named ?? url,
                SecretVariable = named is null ? variable : "",
            };
            foreach (var models in named is null ? reasoning : [])
                upstream.ReasoningModels.Add(models);
            options.Upstreams.Add(upstream);
        }
        if (options.Upstreams.Count == 0)
            throw new CliException("there is no upstream. Set OPENAI_API_KEY or ANTHROPIC_API_KEY, name upstreams in --config, or pass --upstream.", ExitCode.Usage);
    }
}
