namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// Stands in for the Azure LLM inference trace 2023, conversations (CC BY 4.0, Microsoft), where the file is not at
/// hand. The tables below are facts measured on it: requests per five minutes over its hour, the gaps between arrivals
/// in thousandths of the mean gap of their five minutes, and both token counts. Values are drawn from them
/// independently, with straight lines between the quantiles; the same seed gives the same trace.
/// </summary>
internal static class TraceGenerator
{
    public const int PublishedRequests = 19_366;

    private const double WindowSeconds = 300;

    private static readonly double[] Percents =
    [
        0, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 97, 98, 99, 99.5, 99.9, 100,
    ];

    private static readonly int[] GapThousandths =
    [
        0, 3, 8, 37, 93, 151, 210, 275, 345, 415, 492, 579, 675, 775, 901, 1_044, 1_199, 1_387, 1_608, 1_880, 2_323, 3_058,
        3_618, 4_028, 4_807, 5_461, 7_476, 20_782,
    ];

    private static readonly int[] Context =
    [
        2, 29, 91, 181, 207, 372, 387, 396, 403, 414, 703, 984, 1_020, 1_045, 1_071, 1_097, 1_130, 1_189, 1_315, 1_877, 2_735,
        4_083, 4_090, 4_098, 4_142, 4_831, 6_212, 14_050,
    ];

    private static readonly int[] Generated =
    [
        7, 16, 24, 41, 54, 67, 77, 85, 91, 96, 103, 113, 129, 151, 177, 217, 384, 395, 400, 411, 424, 451, 509, 540, 601, 644,
        954, 1_000,
    ];

    private static readonly int[] RequestsPerWindow =
        [1_445, 1_422, 1_557, 1_561, 1_884, 2_239, 2_229, 1_839, 1_701, 1_424, 1_297, 1_142];

    public static IReadOnlyList<TraceRow> Generate(int requests, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        var random = new Random(seed);
        var rows = new TraceRow[requests];
        var seconds = 0.0;
        for (var i = 0; i < requests; i++)
        {
            rows[i] = new TraceRow(TimeSpan.FromSeconds(seconds), (int)Draw(Context, random), (int)Draw(Generated, random));
            seconds += Draw(GapThousandths, random) / 1_000 * MeanGapAt(seconds);
        }

        return rows;
    }

    private static double MeanGapAt(double seconds)
    {
        var window = (int)(seconds / WindowSeconds) % RequestsPerWindow.Length;
        return WindowSeconds / RequestsPerWindow[window];
    }

    private static double Draw(int[] quantiles, Random random)
    {
        var percent = random.NextDouble() * 100;
        var upper = 1;
        while (Percents[upper] < percent)
        {
            upper++;
        }

        var share = (percent - Percents[upper - 1]) / (Percents[upper] - Percents[upper - 1]);
        return quantiles[upper - 1] + (share * (quantiles[upper] - quantiles[upper - 1]));
    }
}
