namespace Enforcer.Storage.Postgres;

/// <summary>Who owns an account.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Node">The owner's name.</param>
/// <param name="Epoch">Counts the account's owners, from 1.</param>
/// <param name="State">What has become of the owner.</param>
/// <param name="IsMine">True if it is this node.</param>
public sealed record AccountOwner(long Account, string Node, long Epoch, NodeState State, bool IsMine);
