using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Processes;

/// <summary>Bytes allocated by this process and by the server while a test runs.</summary>
internal sealed class Allocation
{
    private const string ServerMetric = "dotnet_gc_allocated_bytes_total";

    private readonly Target _target;
    private readonly long _clientBefore;
    private readonly double? _serverBefore;

    private Allocation(Target target, double? serverBefore)
    {
        _target = target;
        _serverBefore = serverBefore;
        _clientBefore = GC.GetTotalAllocatedBytes();
    }

    public static async Task<Allocation> StartAsync(Target target) =>
        new(target, await ServerMetrics.ReadAsync(target.HttpAddress, ServerMetric).ConfigureAwait(false));

    public async Task PutAsync(Report report, long cycles)
    {
        var client = GC.GetTotalAllocatedBytes() - _clientBefore;
        report.Set("client_bytes_per_cycle", (double)client / Math.Max(1, cycles));
        if (await ServerMetrics.ReadAsync(_target.HttpAddress, ServerMetric).ConfigureAwait(false) - _serverBefore is { } server)
            report.Set("server_bytes_per_cycle", server / Math.Max(1, cycles));
    }
}
