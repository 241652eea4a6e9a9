namespace Enforcer.Grpc;

/// <summary>
/// The health of a server and of each of its services, as <c>grpc.health.v1</c> tells it. The empty name is the server as a
/// whole. Safe for any number of threads.
/// </summary>
public sealed class HealthState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HealthStatus> _services = new(StringComparer.Ordinal) { [""] = HealthStatus.Serving };
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sets the health of one service, or with an empty name of the whole server; watchers are told.</summary>
    public void Set(string service, HealthStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        TaskCompletionSource told;
        lock (_gate)
        {
            if (_services.TryGetValue(service, out var known) && known == status)
                return;
            _services[service] = status;
            told = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }

    /// <summary>The health of a service, or null if nobody ever set it.</summary>
    public HealthStatus? Get(string service)
    {
        lock (_gate)
            return _services.TryGetValue(service, out var status) ? status : null;
    }

    /// <summary>All services that were ever set.</summary>
    public IReadOnlyDictionary<string, HealthStatus> Snapshot()
    {
        lock (_gate)
            return new Dictionary<string, HealthStatus>(_services);
    }

    /// <summary>The health of a service, and a task that completes at the next change of any.</summary>
    internal (HealthStatus? Status, Task Changed) Observe(string service)
    {
        lock (_gate)
            return (_services.TryGetValue(service, out var status) ? status : null, _changed.Task);
    }
}
