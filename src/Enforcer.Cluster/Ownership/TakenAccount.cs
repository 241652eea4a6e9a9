namespace Enforcer.Cluster;

/// <summary>An account that has a new owner.</summary>
/// <param name="Account">Its number.</param>
/// <param name="Epoch">Counts its owners, with the new one.</param>
public readonly record struct TakenAccount(long Account, long Epoch);
