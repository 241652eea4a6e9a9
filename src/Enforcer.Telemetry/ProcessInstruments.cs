using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Enforcer.Telemetry;

/// <summary>What every process tells about itself; observed when somebody looks.</summary>
public static class ProcessInstruments
{
    /// <summary>Makes the instruments on a meter.</summary>
    public static void AddTo(Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        meter.CreateObservableCounter("process.cpu.seconds", () => CpuSeconds(), "s", "CPU time of the process.");
        meter.CreateObservableGauge("process.resident_memory.bytes", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        meter.CreateObservableCounter("dotnet.gc.allocated.bytes", () => GC.GetTotalAllocatedBytes(), "By", "Bytes allocated since the start.");
        meter.CreateObservableGauge("dotnet.gc.heap.bytes", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Bytes in use in the managed heap.");
        meter.CreateObservableCounter("dotnet.gc.pause.seconds", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time for which collections of garbage stopped the process.");
    }

    private static double CpuSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
