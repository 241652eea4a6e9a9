using Enforcer.Cluster;

namespace Enforcer.Testing.Cluster;

/// <summary>The registry in a <see cref="MemoryDatabase"/>, as one node reaches it.</summary>
public sealed class MemoryMembers(MemoryDatabase database, string node, TimeProvider clock) : IMembers
{
    public Task JoinAsync(MemberBeat beat, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            database.Require(node);
            database.Members[beat.Node] = new MemberRow { Node = beat.Node, Beat = beat, Beats = (database.Members.GetValueOrDefault(beat.Node)?.Beats ?? 0) + 1 };
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<MemberRow>> BeatAsync(MemberBeat beat, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            database.Require(node);
            if (database.Members.TryGetValue(beat.Node, out var row) && row.Beat?.Mark == beat.Mark)
                database.Members[beat.Node] = row with { Beat = beat, Beats = row.Beats + 1, ClockSkewMs = beat.ClockMs - clock.GetUtcNow().ToUnixTimeMilliseconds() };
            return Task.FromResult(Rows());
        }
    }

    public Task LeaveAsync(MemberBeat beat, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            database.Require(node);
            if (database.Members.TryGetValue(beat.Node, out var row) && row.Beat?.Mark == beat.Mark) database.Members.Remove(beat.Node);
            return Task.CompletedTask;
        }
    }

    public Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            if (!database.Members.TryGetValue(node, out var row)) return Task.FromResult(false);
            database.Members[node] = row with { IsDraining = isDraining };
            return Task.FromResult(true);
        }
    }

    private IReadOnlyList<MemberRow> Rows() =>
    [
        .. database.Members.Keys.Union(database.Streams.Keys).Order(StringComparer.Ordinal).Select(name =>
        {
            var row = database.Members.GetValueOrDefault(name) ?? new MemberRow { Node = name };
            return database.Streams.TryGetValue(name, out var stream) ? row with { Standing = stream.Standing, Incarnation = stream.Incarnation } : row;
        }),
    ];
}
