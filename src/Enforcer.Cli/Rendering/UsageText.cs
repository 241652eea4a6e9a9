using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>What a call used, in words.</summary>
internal static class UsageText
{
    /// <summary>"input 800, output 100"; empty for none.</summary>
    public static string Of(UsageReport? usage) => usage is null ? "" : Of(usage.Items);

    /// <summary>The same for quantities by themselves.</summary>
    public static string Of(IEnumerable<MeteredUsage> items) => string.Join(", ", items.Select(item => $"{item.Meter} {LimitLines.Count(item.Quantity)}"));

    /// <summary>The model asked for, or the one whose prices counted.</summary>
    public static string ModelOf(LedgerEntry entry) => entry.Model.Length > 0 ? entry.Model : entry.Priced?.Model ?? "";
}
