using Enforcer.Ledger;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>What an account answers.</summary>
/// <param name="Outcome">The outcome, if <paramref name="Other"/> is null.</param>
/// <param name="Other">The answer to a question, or why a command has no outcome.</param>
internal readonly record struct AccountAnswer(Outcome Outcome, V1.NodeAnswer? Other)
{
    /// <summary>Nobody can say; what a newer version may say instead of an outcome is no grant either.</summary>
    public static AccountAnswer Unknown { get; } = new(default, new V1.NodeAnswer { Kind = V1.NodeAnswerKind.Unknown });

    /// <summary>True if there is nothing more to ask.</summary>
    public bool IsAnswer => Other is null or { Kind: V1.NodeAnswerKind.Answered };
}
