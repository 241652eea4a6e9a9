namespace Enforcer.Client;

/// <summary>The servers of a client, one of which is in use.</summary>
internal sealed class Endpoints : IDisposable
{
    private readonly Endpoint[] _all;
    private int _current;

    public Endpoints(EnforcerClientOptions options, ClientPorts ports) =>
        _all = [.. options.Endpoints.Select(static text => new Uri(text)).Select(address => new Endpoint(address, ports.Reach(address, options)))];

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
            endpoint.Server.Dispose();
    }
}
