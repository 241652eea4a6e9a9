namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// A fixed price per token, in whole nanos, and the bound that an edge reserves: every context token, and generated
/// tokens up to the next of the usual <c>max_tokens</c> settings.
/// </summary>
internal static class TracePrices
{
    /// <summary>$1.25 per million context tokens.</summary>
    public const long ContextNanos = 1_250;

    /// <summary>$10 per million generated tokens.</summary>
    public const long GeneratedNanos = 10_000;

    private static readonly int[] MaxTokens = [64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072];

    public static long CostNanos(TraceRow row) =>
        Math.Max(1, (row.ContextTokens * ContextNanos) + (row.GeneratedTokens * GeneratedNanos));

    /// <summary>What a call with this request can cost at most; at least its real cost.</summary>
    public static long BoundNanos(TraceRow row) =>
        (row.ContextTokens * ContextNanos) + (MaxTokensFor(row.GeneratedTokens) * GeneratedNanos);

    public static int MaxTokensFor(int generated)
    {
        foreach (var bound in MaxTokens)
        {
            if (generated <= bound)
                return bound;
        }

        return generated;
    }
}
