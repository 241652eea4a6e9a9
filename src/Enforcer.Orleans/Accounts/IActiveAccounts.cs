namespace Enforcer.Orleans;

/// <summary>Tells which accounts are in somebody's memory.</summary>
internal interface IActiveAccounts
{
    /// <summary>Their numbers, in no order.</summary>
    IAsyncEnumerable<long> ReadAsync(CancellationToken cancel);
}
