using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts list</c>.</summary>
internal sealed class AccountsListCommand(Terminal terminal)
    : OperatorCommand(terminal, "list", "Lists accounts with their balances.", "enforcer accounts list", "enforcer accounts list --json | jq -r .account")
{
    private const int PageSize = 1_000;

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var table = new Table("ACCOUNT", "STATUS", "COMMITTED", "HELD", "HEADROOM", "OPEN").Right(2, 3, 4, 5);
        var request = new ListAccountsRequest { PageSize = PageSize };
        do
        {
            var page = await server.ListAccountsAsync(request, cancellationToken);
            foreach (var account in page.Accounts)
            {
                if (WantsJson(parse))
                    Terminal.Line(ProtoJson.Line(account));
                else
                    table.Add(Row(account));
            }
            request.After = page.NextAfter;
        }
        while (request.After.Length > 0);
        if (table.IsEmpty && !WantsJson(parse))
            Terminal.Note("There is no account yet. A key makes one: enforcer keys create --cap '$5' --rpm 600");
        else if (!table.IsEmpty)
            table.Write(Terminal);
        return ExitCode.Ok;
    }

    private static string[] Row(AccountView account)
    {
        var headroom = account.SpendLimits.Count == 0
            ? "no cap"
            : MoneyText.Format(account.SpendLimits.Min(limit => limit.HeadroomNanos), account.Unit);
        return
        [
            account.Account, AccountText.Status(account.Status), MoneyText.Format(account.CommittedNanos, account.Unit),
            MoneyText.Format(account.HeldNanos, account.Unit), headroom, LimitLines.Count(account.OpenReservations),
        ];
    }
}
