using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts set-limits</c>: changes the limits it names and keeps the others.</summary>
/// <remarks>
/// The server replaces all limits at once, so the command reads, merges and sends. Of two operators who change one account in the
/// same second the later wins whole; the ledger holds both, with actor and reason.
/// </remarks>
internal sealed class AccountsSetLimitsCommand : ChangeCommand
{
    private readonly LimitOptions _limits;
    private readonly Option<bool> _dryRun = CliOption.Switch("--dry-run", "Shows before and after, and changes nothing.");

    public AccountsSetLimitsCommand(Terminal terminal)
        : base(
            terminal, "set-limits", "Changes the limits that are named; the others stay. 'none' removes one.",
            "enforcer accounts set-limits acme --cap '$10'",
            "enforcer accounts set-limits acme --daily none --rpm 1200:100 --reason 'asked by phone'",
            "enforcer accounts set-limits acme --model-cap 'gpt-5.5*=$2/month' --dry-run")
    {
        _limits = new LimitOptions(this);
        Add(_dryRun);
        CliOption.Rule(this, result =>
        {
            if (!_limits.AnyIn(result))
                result.AddError("set-limits: no limit is named. Name at least one, such as --cap '$10' or --rpm 600.");
        });
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = Account(parse) }, cancellationToken);
        var before = LimitMerge.Of(account);
        var after = LimitMerge.Apply(before, _limits.Read(parse), account.Unit);
        var changes = LimitLines.Changes(before, after, account.Unit);
        var isDryRun = parse.GetValue(_dryRun);
        if (isDryRun || changes.Count == 0)
        {
            Write(parse, changes);
            return isDryRun ? Previewed(parse, after) : Unchanged(parse, account);
        }
        var request = new SetLimitsRequest
        {
            Account = account.Account,
            Limits = after,
            Reason = Reason(parse),
        };
        var response = await server.SetLimitsAsync(request, cancellationToken);
        if (response.Outcome.Refusal == Refusal.Granted)
            Write(parse, changes);
        return Tell(parse, response, "");
    }

    private void Write(ParseResult parse, IReadOnlyList<(string Name, string Before, string After)> changes)
    {
        if (WantsJson(parse))
            return;
        var table = new Table("LIMIT", "BEFORE", "", "AFTER");
        foreach (var (name, before, after) in changes)
            table.Add(name, before, "→", after);
        if (table.IsEmpty)
            Terminal.Line("The limits are already like this; nothing was changed.");
        else
            table.Write(Terminal);
    }

    private int Previewed(ParseResult parse, Limits limits)
    {
        if (WantsJson(parse))
            Terminal.Line(ProtoJson.Line(limits));
        return ExitCode.Ok;
    }

    private int Unchanged(ParseResult parse, AccountView account)
    {
        if (WantsJson(parse))
            Terminal.Line(ProtoJson.Line(new ChangeResponse { Outcome = new Outcome { Seq = account.Seq }, Account = account }));
        return ExitCode.Ok;
    }
}
