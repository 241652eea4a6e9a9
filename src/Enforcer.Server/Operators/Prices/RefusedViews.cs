using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>From refusals to the messages that show them.</summary>
internal static class RefusedViews
{
    public static V1.RefusedOperation Of(in RefusedOperation refused) => new()
    {
        Account = refused.Account,
        AtMs = refused.AtMs,
        Command = refused.Asked.Kind.ToString().ToLowerInvariant(),
        AmountNanos = refused.Asked.AmountNanos,
        Tokens = refused.Asked.Tokens,
        Model = refused.Asked.Model ?? "",
        Tag = refused.Asked.Tag ?? "",
        Outcome = Views.Of(refused.Outcome, refused.Account),
    };
}
