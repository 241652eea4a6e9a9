using System.Collections.Frozen;

namespace Enforcer.Pricing.Metering;

/// <summary>The meters that a rule is about.</summary>
public sealed class MeterGroup : IEquatable<MeterGroup>
{
    private static readonly MeterGroup[] Named = [OfSide("prompt", MeterSide.Prompt), OfSide("completion", MeterSide.Completion), CachedGroup()];
    private readonly FrozenSet<UsageMeter>? _meters;

    private MeterGroup(string name, FrozenSet<UsageMeter>? meters)
    {
        (Name, _meters) = (name, meters);
        List = meters is null ? [] : [.. meters.Order()];
    }


    /// <summary>Every meter there is, units of one's own included.</summary>
    public static MeterGroup Everything { get; } = new("everything", null);

    /// <summary>All tokens that go in.</summary>
    public static MeterGroup Prompt => Named[0];

    /// <summary>All tokens that come out.</summary>
    public static MeterGroup Completion => Named[1];

    /// <summary>Tokens read from a provider's cache.</summary>
    public static MeterGroup Cached => Named[2];

    /// <summary>"everything", "prompt", "completion", "cached", or the meters' names with commas between.</summary>
    public string Name { get; }

    /// <summary>The meters in order; empty for <see cref="Everything"/>, which cannot be listed.</summary>
    public IReadOnlyList<UsageMeter> Meters => List;

    /// <summary>The same, to be walked without an enumerator.</summary>
    internal UsageMeter[] List { get; }

    /// <summary>Exactly these meters.</summary>
    /// <exception cref="ArgumentException">None is given.</exception>
    public static MeterGroup Of(params ReadOnlySpan<UsageMeter> meters)
    {
        if (meters.IsEmpty) throw new ArgumentException("A group of no meters: name at least one.", nameof(meters));
        var set = meters.ToArray().ToFrozenSet();
        return new MeterGroup(string.Join(',', set.Order().Select(m => m.Name)), set);
    }

    /// <summary>The group of a name, as <see cref="Name"/> writes it; false if a meter in it is not known.</summary>
    public static bool TryParse(string name, out MeterGroup group)
    {
        group = Everything;
        if (name == Everything.Name) return true;
        if (Array.Find(Named, g => g.Name == name) is { } named)
        {
            group = named;
            return true;
        }
        var meters = new List<UsageMeter>();
        foreach (var part in name.Split(','))
        {
            if (!UsageMeter.TryParse(part.Trim(), out var meter)) return false;
            meters.Add(meter);
        }
        group = Of([.. meters]);
        return true;
    }

    /// <summary>True if the group has the meter.</summary>
    public bool Contains(UsageMeter meter) => _meters is null || _meters.Contains(meter);

    /// <summary>Same name, and so the same meters.</summary>
    public bool Equals(MeterGroup? other) => other is not null && other.Name == Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MeterGroup);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static MeterGroup OfSide(string name, MeterSide side) => new(name, UsageMeters.All.Where(m => m.Side == side).ToFrozenSet());

    private static MeterGroup CachedGroup() => new("cached", UsageMeters.All.Where(m => m.IsCached).ToFrozenSet());
}
