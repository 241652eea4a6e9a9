using Enforcer.Grpc;

namespace Enforcer.Client;

/// <summary>The servers of a client, one of which is in use.</summary>
internal sealed class Endpoints : IDisposable
{
    /// <summary>A connection that is silent for so long, while calls are open on it, is asked whether it lives.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(1);

    /// <summary>It is given up, for the next server, if it does not say so within this.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(1);

    private readonly Endpoint[] _all;
    private int _current;

    public Endpoints(EnforcerClientOptions options)
    {
        var headers = new GrpcMetadata { { "authorization", "Bearer " + options.Token } };
        _all = [.. options.Endpoints.Select(text => Create(new Uri(text), options, headers))];
    }

    /// <summary>Whether there is another one to go to.</summary>
    public bool HasOthers => _all.Length > 1;

    /// <summary>The one in use.</summary>
    public Endpoint Current => _all[Volatile.Read(ref _current)];

    /// <summary>Goes to the next, unless somebody else has done so already.</summary>
    public void MoveOn(Endpoint failed)
    {
        var index = Array.IndexOf(_all, failed);
        Interlocked.CompareExchange(ref _current, (index + 1) % _all.Length, index);
    }

    public void Dispose()
    {
        foreach (var endpoint in _all)
            endpoint.Channel.Dispose();
    }

    private static Endpoint Create(Uri address, EnforcerClientOptions options, GrpcMetadata headers)
    {
        var channel = new GrpcChannelOptions
        {
            ConnectTimeout = options.ConnectTimeout,
            Tls = options.Tls,
            Headers = headers,
            TimeProvider = options.TimeProvider,
        };
        // Where there is another server to ask, nobody waits for the greater part of a minute for one that is frozen or cut off.
        if (options.Endpoints.Count > 1)
            (channel.KeepAlivePingDelay, channel.KeepAlivePingTimeout) = (SilentFor, AnswersWithin);
        return new(address, new GrpcChannel(address, channel));
    }
}
