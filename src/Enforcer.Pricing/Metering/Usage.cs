using System.Collections;
using System.Globalization;

namespace Enforcer.Pricing.Metering;

/// <summary>
/// What one call used: whole quantities of disjoint meters, in the order of the catalogue. A meter that is not named is zero, and an
/// explicit zero is the same. Immutable.
/// </summary>
public sealed class Usage : IReadOnlyList<Metered>, IEquatable<Usage>
{
    /// <summary>The most of one meter: 2^53, which every client can write down exactly.</summary>
    public const long MostPerMeter = 1L << 53;

    private readonly Metered[] _items;

    private Usage(Metered[] items)
    {
        _items = items;
        foreach (var item in items)
        {
            if (item.Meter.Side == MeterSide.Prompt) PromptTokens += item.Quantity;
            if (item.Meter.IsToken) Tokens += item.Quantity;
        }
    }

    /// <summary>Nothing.</summary>
    public static Usage None { get; } = new([]);

    /// <summary>All tokens that went in, cached ones included: what long-context tiers look at.</summary>
    public long PromptTokens { get; }

    /// <summary>All tokens, in and out: what rates of tokens look at.</summary>
    public long Tokens { get; }

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public Metered this[int index] => _items[index];

    /// <summary>How much of one meter was used; 0 if it is not named.</summary>
    public long this[UsageMeter meter]
    {
        get
        {
            foreach (var item in _items)
            {
                if (item.Meter == meter) return item.Quantity;
            }
            return 0;
        }
    }

    /// <summary>Usage of these meters, in any order.</summary>
    /// <exception cref="ArgumentException">A quantity is below 0 or above <see cref="MostPerMeter"/>, or a meter is named twice.</exception>
    public static Usage Of(params ReadOnlySpan<(UsageMeter Meter, long Quantity)> quantities)
    {
        var items = new List<Metered>(quantities.Length);
        foreach (var (meter, quantity) in quantities)
        {
            if (quantity is < 0 or > MostPerMeter)
                throw new ArgumentException($"usage.{meter} is {quantity.ToString(CultureInfo.InvariantCulture)}: give 0 to {MostPerMeter}.", nameof(quantities));
            if (quantity > 0) items.Add(new Metered(meter, quantity));
        }
        items.Sort((left, right) => left.Meter.CompareTo(right.Meter));
        for (var i = 1; i < items.Count; i++)
        {
            if (items[i].Meter == items[i - 1].Meter)
                throw new ArgumentException($"usage.{items[i].Meter} is named twice: add the quantities up.", nameof(quantities));
        }
        return items.Count == 0 ? None : new Usage([.. items]);
    }

    /// <summary>Both together.</summary>
    /// <exception cref="ArgumentException">A sum is above <see cref="MostPerMeter"/>.</exception>
    public Usage Plus(Usage other)
    {
        if (other.Count == 0) return this;
        if (Count == 0) return other;
        var sums = new Metered[CountWith(other)];
        var (left, right) = (0, 0);
        for (var i = 0; i < sums.Length; i++)
        {
            var order = left == Count ? 1 : right == other.Count ? -1 : _items[left].Meter.CompareTo(other._items[right].Meter);
            var sum = (order <= 0 ? _items[left].Quantity : 0) + (order >= 0 ? other._items[right].Quantity : 0);
            var meter = order <= 0 ? _items[left++].Meter : other._items[right].Meter;
            if (order >= 0) right++;
            if (sum > MostPerMeter) throw new ArgumentException($"usage.{meter} is {sum.ToString(CultureInfo.InvariantCulture)}: give 0 to {MostPerMeter}.", nameof(other));
            sums[i] = new Metered(meter, sum);
        }
        return new Usage(sums);
    }

    /// <summary>How much was used of these meters together.</summary>
    public long Of(MeterGroup meters)
    {
        var sum = 0L;
        foreach (var item in _items)
        {
            if (meters.Contains(item.Meter)) sum += item.Quantity;
        }
        return sum;
    }

    /// <summary>How many meters both name together.</summary>
    private int CountWith(Usage other)
    {
        var count = Count;
        foreach (var item in other._items)
        {
            if (this[item.Meter] == 0) count++;
        }
        return count;
    }

    /// <summary>Same quantities of the same meters.</summary>
    public bool Equals(Usage? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Usage);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<Metered> GetEnumerator() => ((IEnumerable<Metered>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    /// <summary>"input 1200, output 340".</summary>
    public override string ToString() => string.Join(", ", _items.Select(item => $"{item.Meter} {item.Quantity}"));
}
