using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary>What all changes to one account share: whose, why, and how their answer is told.</summary>
internal abstract class ChangeCommand : OperatorCommand
{
    private readonly Argument<string> _account = CliOption.Required("ACCOUNT", "The account.");
    private readonly Option<string?> _reason = ReasonOption.Create();

    protected ChangeCommand(Terminal terminal, string name, string description, params string[] examples)
        : base(terminal, name, description, examples)
    {
        Add(_account);
        Add(_reason);
    }

    /// <summary>The account to change.</summary>
    protected string Account(ParseResult parse) => parse.GetRequiredValue(_account);

    /// <summary>Why; empty where it was not said.</summary>
    protected string Reason(ParseResult parse) => parse.GetValue(_reason) ?? "";

    /// <summary>Tells the answer: what was done (empty where that was told already), and the account after it.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    protected int Tell(ParseResult parse, ChangeResponse response, string done)
    {
        if (WantsJson(parse))
            Terminal.Line(ProtoJson.Line(response));
        if (response.Outcome.Refusal != Refusal.Granted)
            throw new CliException($"refused, and nothing was changed. {RefusalText.Describe(response.Outcome, response.Account.Unit)}");
        if (WantsJson(parse))
            return ExitCode.Ok;
        if (done.Length > 0)
            Terminal.Line(done);
        Terminal.Line();
        AccountText.Write(Terminal, response.Account);
        return ExitCode.Ok;
    }
}
