using Enforcer.Ledger;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Observability;

/// <summary>Outcomes as metrics name them: <c>granted</c>, <c>exceeds_spend_cap</c> and so on.</summary>
internal static class OutcomeNames
{
    private static readonly string[] Names =
        [.. Enumerable.Range(0, CommandTally.Refusals).Select(number => RefusalWords.Name((Refusal)number).ToLowerInvariant())];

    public static string Of(Refusal refusal) => Names[(int)refusal];
}
