using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>watch</c>: balances as they change.</summary>
internal sealed class WatchCommand : OperatorCommand
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(50);
    private readonly Argument<string[]> _accounts = new("ACCOUNT")
    {
        Description = "The accounts to watch. [default: every account that changes]",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = static _ => [],
    };
    private readonly Option<TimeSpan?> _interval =
        CliOption.One<TimeSpan>("--interval", "How often to look, 50ms or more. [default: 500ms]", "TIME", ValueParsers.Duration);

    public WatchCommand(Terminal terminal)
        : base(
            terminal, "watch", "Shows live what is committed, held and left. Ctrl-C ends it.",
            "enforcer watch",
            "enforcer watch acme beta --interval 100ms",
            "enforcer watch acme --json | jq '.spend_limits[0].headroom_nanos'")
    {
        Add(_accounts);
        Add(_interval);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_interval) is { } interval && interval < LeastInterval)
                result.AddError("--interval: it is 50ms or more.");
        });
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new WatchRequest { IntervalMs = (long)(parse.GetValue(_interval) ?? TimeSpan.Zero).TotalMilliseconds };
        request.Accounts.AddRange(parse.GetValue(_accounts) ?? []);
        var changes = server.WatchAsync(request, cancellationToken);
        try
        {
            if (WantsJson(parse))
                await WriteLinesAsync(changes, account => Terminal.Line(ProtoJson.Line(account)));
            else if (Terminal.OutIsTerminal)
                await new WatchScreen(Terminal, Server.Address(parse).Authority).ShowAsync(changes);
            else
                await WriteLinesAsync(changes, account => Terminal.Line(WatchLine.Of(account, Terminal.ClockText())));
        }
        catch (Exception stopped) when (cancellationToken.IsCancellationRequested && stopped is not CliException)
        {
            // Ctrl-C is how a watch ends.
        }
        return ExitCode.Ok;
    }

    private async Task WriteLinesAsync(IAsyncEnumerable<WatchResponse> changes, Action<AccountView> write)
    {
        await foreach (var change in changes)
        {
            foreach (var account in change.Accounts)
                write(account);
            await Terminal.Out.FlushAsync();
        }
    }
}
