using System.Collections.Concurrent;
using Enforcer.Host;
using Orleans.Runtime;
using Orleans.Streams;

namespace Enforcer.Orleans;

/// <summary>Balances as all silos publish them. This silo subscribes once, when somebody wants to see them first.</summary>
internal sealed class BalanceFeed(ChangeStreams streams) : IBalanceFeed, IAsyncObserver<AccountBalance>, IDisposable
{
    private readonly ConcurrentDictionary<Subscription, Action<AccountReading>> _subscriptions = new();
    private readonly SemaphoreSlim _turn = new(1);
    private StreamSubscriptionHandle<AccountBalance>? _handle;

    /// <inheritdoc/>
    public async Task<IDisposable> SubscribeAsync(Action<AccountReading> told, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _handle ??= await streams.Balances.SubscribeAsync(this).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
        var subscription = new Subscription(this);
        _subscriptions[subscription] = told;
        return subscription;
    }

    /// <summary>Takes no more; the streams would keep what is for a silo that has left.</summary>
    public async Task EndAsync()
    {
        if (_handle is not { } handle) return;
        try
        {
            await handle.UnsubscribeAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // Whoever delivers finds out that nobody is here.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <inheritdoc/>
    public Task OnNextAsync(AccountBalance item, StreamSequenceToken? token = null)
    {
        if (_subscriptions.IsEmpty) return Task.CompletedTask;
        var reading = item.ToReading();
        foreach (var (_, told) in _subscriptions) told(reading);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private sealed class Subscription(BalanceFeed feed) : IDisposable
    {
        public void Dispose() => feed._subscriptions.TryRemove(this, out _);
    }
}
