namespace Enforcer.Journal;

/// <summary>
/// How batches are numbered where several nodes write one journal: each node has a stream of its own, in which numbers follow each other
/// without a gap, and no two streams share a number. So a number names one batch for ever, and an account's records can follow each other
/// from stream to stream as it goes from node to node. A journal with one writer is stream 0: 1, 2, 3, …
/// </summary>
public static class BatchNumber
{
    /// <summary>The highest stream.</summary>
    public const int MaxStream = (1 << (63 - StreamShift)) - 1;

    /// <summary>2^40 batches a stream: at 10,000 a second they last three and a half years.</summary>
    private const int StreamShift = 40;

    /// <summary>The number before a stream's first batch: "none yet" in that stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
    public static long OriginOf(int stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stream, MaxStream);
        return (long)stream << StreamShift;
    }

    /// <summary>The number before the first batch of the stream that a batch belongs to.</summary>
    public static long OriginOf(long batch) => batch & ~((1L << StreamShift) - 1);

    /// <summary>The highest number of the stream that a batch belongs to.</summary>
    public static long EndOf(long batch) => batch | ((1L << StreamShift) - 1);

    /// <summary>The stream that a batch belongs to.</summary>
    public static int StreamOf(long batch) => (int)(batch >> StreamShift);
}
