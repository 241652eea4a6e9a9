namespace Enforcer.Simulation.Faults;

/// <summary>How often each kind of fault has really happened.</summary>
internal sealed class FaultTally : IEquatable<FaultTally>
{
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];

    public static IReadOnlyList<FaultKind> Kinds { get; } = Enum.GetValues<FaultKind>();

    public long Total => _counts.Sum();

    public long this[FaultKind kind] => _counts[(int)kind];

    public void Count(FaultKind kind) => _counts[(int)kind]++;

    public void Add(FaultTally other)
    {
        foreach (var kind in Kinds) _counts[(int)kind] += other[kind];
    }

    public bool Equals(FaultTally? other) => other is not null && _counts.AsSpan().SequenceEqual(other._counts);

    public override bool Equals(object? obj) => Equals(obj as FaultTally);

    public override int GetHashCode() => Total.GetHashCode();

    public override string ToString() => string.Join(", ", Kinds.Select(kind => $"{kind} {this[kind]}"));
}
