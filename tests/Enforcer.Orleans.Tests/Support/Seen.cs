using System.Collections.Concurrent;
using Orleans.Streams;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>What has come on a stream.</summary>
internal sealed class Seen<T> : ConcurrentQueue<T>, IAsyncObserver<T>
{
    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        Enqueue(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public static async Task<Seen<T>> OfAsync(IAsyncStream<T> stream)
    {
        var seen = new Seen<T>();
        await stream.SubscribeAsync(seen);
        return seen;
    }
}
