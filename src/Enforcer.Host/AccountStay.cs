using Enforcer.Host.Activations;

namespace Enforcer.Host;

/// <summary>
/// An account's stay in this process's memory. What was decided or read there is the account's owner's word only if the stay has lasted until the journal
/// said that the account is this node's: otherwise another node may have had it in between.
/// </summary>
public readonly record struct AccountStay
{
    private readonly Activation? _activation;

    internal AccountStay(Activation activation) => _activation = activation;

    /// <summary>True if the account has been in memory ever since, and nothing that it stands on was lost.</summary>
    public bool HasLasted => _activation is { IsHeld: true };
}
