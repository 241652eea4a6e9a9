using System.CommandLine;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Grpc;

namespace Enforcer.Cli.Commands;

/// <summary><c>health</c>: whether a server can grant and settle now. Needs no token.</summary>
internal sealed class HealthCommand : CliCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ServerOptions _server;
    private readonly Option<bool> _json = CliOption.Switch("--json", "Writes JSON, for scripts.");

    public HealthCommand(Terminal terminal)
        : base(
            terminal, "health", "Asks a server whether it can grant and settle now. Exits with 0 if so; needs no token.",
            "enforcer health",
            "until enforcer health; do sleep 1; done")
    {
        _server = new ServerOptions(terminal);
        Add(_json);
    }

    public override void AddShared() => _server.AddTo(this);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var address = _server.Address(parse);
        var started = Terminal.Clock.GetTimestamp();
        var status = await AskAsync(address, cancellationToken);
        var elapsedMs = (long)Terminal.Clock.GetElapsedTime(started).TotalMilliseconds;
        var isServing = status == HealthStatus.Serving;
        if (parse.GetValue(_json))
            Terminal.Line($$"""{"server":"{{address.Authority}}","serving":{{(isServing ? "true" : "false")}},"elapsed_ms":{{elapsedMs}}}""");
        else if (isServing)
            Terminal.Line($"{address.Authority} is {Terminal.Dress("serving", Paint.Green)} ({elapsedMs} ms).");
        if (isServing)
            return ExitCode.Ok;
        throw new CliException(
            $"{address.Authority} runs but is not serving: it is starting, stopping, or cannot reach its journal. Its log says why.");
    }

    private static async Task<HealthStatus> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var channel = new GrpcChannel(address);
        try
        {
            var options = new GrpcCallOptions { Timeout = Patience, CancellationToken = cancellationToken };
            return await HealthClient.CheckAsync(channel, options: options);
        }
        catch (GrpcStatusException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(CallFailure.Describe(failure.Code, failure.Message, address));
        }
    }
}
