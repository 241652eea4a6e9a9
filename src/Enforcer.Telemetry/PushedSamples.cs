using System.Diagnostics.Metrics;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Enforcer.Telemetry;

/// <summary>
/// What an instrument has pushed with one set of labels, or none, since the start: a sum, and for a histogram how many values lie at or below each
/// power of two. Recording takes no lock.
/// </summary>
/// <param name="instrument">Whose samples they are.</param>
/// <param name="label">The labels as they are written, or empty.</param>
internal sealed class PushedSamples(Instrument instrument, string label)
{
    /// <summary>How many bounds there are; the last one is 2^25: half a minute in microseconds.</summary>
    public const int Bounds = 26;

    private readonly long[] _atMost = new long[Bounds + 1];
    private readonly bool _isHistogram = IsHistogram(instrument);
    private long _sum;

    public static bool IsHistogram(Instrument instrument) => instrument is Histogram<long> or Histogram<int> or Histogram<double>;

    public void Record(long value)
    {
        Interlocked.Add(ref _sum, value);
        if (!_isHistogram) return;
        var bound = value <= 1 ? 0 : BitOperations.Log2((ulong)(value - 1)) + 1;
        Interlocked.Increment(ref _atMost[Math.Min(bound, Bounds)]);
    }

    /// <summary>Writes the samples of the family; times are told in seconds.</summary>
    public void Write(StringBuilder text, string name)
    {
        if (!_isHistogram)
        {
            text.Append(name).Append(Labels).Append(' ').Append(Number(Volatile.Read(ref _sum))).Append('\n');
            return;
        }
        var count = 0L;
        for (var bound = 0; bound <= Bounds; bound++)
        {
            count += Volatile.Read(ref _atMost[bound]);
            var most = bound == Bounds ? "+Inf" : Number(1L << bound);
            text.Append(name).Append("_bucket{").Append(label.Length == 0 ? "" : label + ",").Append("le=\"").Append(most).Append("\"} ").Append(count).Append('\n');
        }
        text.Append(name).Append("_sum").Append(Labels).Append(' ').Append(Number(Volatile.Read(ref _sum))).Append('\n');
        text.Append(name).Append("_count").Append(Labels).Append(' ').Append(count).Append('\n');
    }

    private string Labels => label.Length == 0 ? "" : "{" + label + "}";

    private string Number(long value) => instrument.Unit == "us"
        ? (value / 1_000_000m).ToString(CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);
}
