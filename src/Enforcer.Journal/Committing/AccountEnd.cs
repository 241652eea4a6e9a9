namespace Enforcer.Journal.Committing;

/// <summary>Where an account's journal ends.</summary>
/// <param name="Tail">Its last durable record; seq 0 if it has none.</param>
/// <param name="Head">Its head, which may lie behind; null if none was written.</param>
public readonly record struct AccountEnd(AccountTail Tail, AccountHead? Head);
