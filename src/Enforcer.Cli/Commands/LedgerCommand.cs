using System.CommandLine;
using System.CommandLine.Parsing;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>ledger</c>: what happened on an account, or what an operation did, whichever account it is on.</summary>
internal sealed class LedgerCommand : OperatorCommand
{
    private readonly Argument<string?> _account = new("ACCOUNT")
    {
        Description = "The account. May be left out with --operation: then the operation is looked for on all accounts.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<Instant?> _from = CliOption.One<Instant>("--from", "Not before: 2026-11-21, 2026-11-21T10:00Z, or 2h (ago).", "TIME", Instant.TryParse);
    private readonly Option<Instant?> _to = CliOption.One<Instant>("--to", "Before this time, in the same forms.", "TIME", Instant.TryParse);
    private readonly Option<EntryKind[]> _kinds =
        CliOption.Many<EntryKind>("--kind", $"Only entries of a kind: {string.Join(", ", EntryKindNames.All)}.", "KIND", EntryKindNames.TryParse);
    private readonly Option<string?> _model = CliOption.Text("--model", "Only this model, or with a trailing star these: 'gpt-5.5*'.", "MODEL");
    private readonly Option<Guid?> _operation = CliOption.One<Guid>("--operation", "Only the entry of this operation.", "ID", ValueParsers.Id);
    private readonly Option<Guid?> _reservation = CliOption.One<Guid>("--reservation", "Only the entries of this reservation.", "ID", ValueParsers.Id);
    private readonly Option<int?> _limit = CliOption.One<int>("--limit", "At most this many entries. [default: 1000]", "N", ValueParsers.Positive);
    private readonly Option<bool> _ascending = CliOption.Switch("--ascending", "Oldest first.");
    private readonly Option<bool> _csv = CliOption.Switch("--csv", "Writes CSV: amounts in the account's unit, times in UTC.");

    public LedgerCommand(Terminal terminal)
        : base(
            terminal, "ledger", "Shows an account's entries, newest first.",
            "enforcer ledger acme --from 24h",
            "enforcer ledger acme --kind committed --model 'gpt-5.5*' --from 2026-11-01 --csv > november.csv",
            "enforcer ledger --operation 01a1fcbe-81f9-7e5a-8d3f-e07475044265",
            "enforcer ledger acme --json | jq 'select(.overrun_nanos > 0)'")
    {
        Add(_account);
        Option[] all = [_from, _to, _kinds, _model, _operation, _reservation, _limit, _ascending, _csv];
        foreach (var option in all)
            Add(option);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_csv) && result.GetValue<bool>("--json"))
                result.AddError("--csv and --json: choose one.");
            if (result.GetValue(_account) is null)
                RequireOperationAlone(result);
        });
    }

    protected override Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken) =>
        parse.GetValue(_account) is { } account
            ? QueryAsync(server, parse, account, cancellationToken)
            : FindAsync(server, parse, cancellationToken);

    private async Task<int> FindAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var operation = IdText.ToWire(parse.GetValue(_operation)!.Value);
        var entry = await server.FindOperationAsync(new FindOperationRequest { OperationId = operation }, cancellationToken);
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = entry.Account }, cancellationToken);
        var writer = Writer(parse, account.Unit);
        writer.Begin();
        writer.Write(entry);
        Terminal.Note($"It is on account {entry.Account}.");
        return ExitCode.Ok;
    }

    private async Task<int> QueryAsync(EnforcerOperator server, ParseResult parse, string name, CancellationToken cancellationToken)
    {
        var request = Request(parse, name);
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = request.Account }, cancellationToken);
        var writer = Writer(parse, account.Unit);
        writer.Begin();
        var count = 0;
        await foreach (var entry in server.QueryLedgerAsync(request, cancellationToken))
        {
            writer.Write(entry);
            count++;
        }
        if (count == 0)
            Terminal.Note("No entry matches.");
        else if (count == request.Limit)
            Terminal.Note($"These are {LimitLines.Count(count)} entries, as many as asked for; there may be more. --limit raises it.");
        return ExitCode.Ok;
    }

    private void RequireOperationAlone(CommandResult result)
    {
        Option[] narrowing = [_from, _to, _kinds, _model, _reservation, _limit, _ascending];
        if (result.GetValue(_operation) is null)
            result.AddError("ACCOUNT is missing. Name an account, or an operation with --operation.");
        else if (narrowing.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } option)
            result.AddError($"{option.Name}: it narrows an account's entries. Name the account, or leave it out.");
    }

    private QueryLedgerRequest Request(ParseResult parse, string account)
    {
        const int DefaultLimit = 1_000;
        var now = Terminal.Clock.GetUtcNow();
        var request = new QueryLedgerRequest
        {
            Account = account,
            FromMs = parse.GetValue(_from)?.ToUnixMs(now) ?? 0,
            ToMs = parse.GetValue(_to)?.ToUnixMs(now) ?? 0,
            ModelPattern = parse.GetValue(_model) ?? "",
            Limit = parse.GetValue(_limit) ?? DefaultLimit,
            Ascending = parse.GetValue(_ascending),
        };
        request.Kinds.AddRange(parse.GetValue(_kinds) ?? []);
        if (parse.GetValue(_operation) is { } operation)
            request.OperationId = IdText.ToWire(operation);
        if (parse.GetValue(_reservation) is { } reservation)
            request.ReservationId = IdText.ToWire(reservation);
        return request;
    }

    private ILedgerWriter Writer(ParseResult parse, string unit)
    {
        if (WantsJson(parse))
            return new LedgerJson(Terminal.Out);
        return parse.GetValue(_csv) ? new LedgerCsv(Terminal.Out, unit) : new LedgerTable(Terminal, unit);
    }
}
