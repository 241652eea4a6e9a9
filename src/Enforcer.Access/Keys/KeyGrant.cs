namespace Enforcer.Access;

/// <summary>What a key in force stands for.</summary>
/// <param name="KeyId">The key's id.</param>
/// <param name="AccountNumber">The number of the account that pays.</param>
/// <param name="Account">The id of the account that pays.</param>
public sealed record KeyGrant(string KeyId, long AccountNumber, string Account);
