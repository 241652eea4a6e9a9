using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;

namespace Enforcer.Server.Refusals;

/// <summary>As much of a command as is needed to explain why it was refused. Nothing in it is secret.</summary>
/// <param name="Id">The operation's id.</param>
/// <param name="Kind">What was asked.</param>
/// <param name="AmountNanos">The amount asked for; 0 if quantities were given instead.</param>
/// <param name="Tokens">The tokens asked for, or all that the estimate allows.</param>
/// <param name="Model">The model, or null.</param>
/// <param name="Tag">The tag, or null.</param>
internal readonly record struct AskedOperation(OperationId Id, CommandKind Kind, long AmountNanos, long Tokens, string? Model, string? Tag)
{
    public static AskedOperation Of(in Command command) => new(
        command.OperationId,
        command.Kind,
        command.AmountNanos,
        command.Call is CallEstimate estimate ? estimate.Bound.MostTokens : command.Tokens,
        command.Model,
        command.Tag);
}
