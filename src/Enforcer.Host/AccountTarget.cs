using Enforcer.Host.Activations;

namespace Enforcer.Host;

/// <summary>
/// An account that commands name: its number for the host, its id for people. The host notes in it where the account was found, so
/// whoever keeps targets spares it looking the number up for every command.
/// </summary>
public sealed class AccountTarget(long number, string id)
{
    /// <summary>The account's number.</summary>
    public long Number { get; } = number;

    /// <summary>The account's id.</summary>
    public string Id { get; } = id;

    /// <summary>Where the account was found last, or null. It may have left memory since: then it refuses, and is looked for again.</summary>
    internal Activation? Found;
}
