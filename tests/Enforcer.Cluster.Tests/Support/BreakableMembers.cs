namespace Enforcer.Cluster.Tests.Support;

/// <summary>A registry whose heartbeats can be made to fail as no port should.</summary>
internal sealed class BreakableMembers(IMembers inner) : IMembers
{
    private volatile Exception? _error;

    public void Break(Exception error) => _error = error;

    public Task JoinAsync(MemberBeat beat, CancellationToken cancel) => inner.JoinAsync(beat, cancel);

    public Task<IReadOnlyList<MemberRow>> BeatAsync(MemberBeat beat, CancellationToken cancel) =>
        _error is { } error ? Task.FromException<IReadOnlyList<MemberRow>>(error) : inner.BeatAsync(beat, cancel);

    public Task LeaveAsync(MemberBeat beat, CancellationToken cancel) => inner.LeaveAsync(beat, cancel);

    public Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel) => inner.DrainAsync(node, isDraining, cancel);
}
