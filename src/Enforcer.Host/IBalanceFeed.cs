namespace Enforcer.Host;

/// <summary>Balances of accounts as they change, whichever node holds them; only what is durable. Some may be missed when nodes fail.</summary>
public interface IBalanceFeed
{
    /// <summary>Passes on what comes from now on, until what is returned is disposed of.</summary>
    /// <param name="told">Called from any thread, several times at once; it must return at once.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IDisposable> SubscribeAsync(Action<AccountReading> told, CancellationToken cancel);
}
