using System.Diagnostics;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Rivals;

/// <summary>
/// The limit of any durable journal on this disk: a plain file, entries of 120 bytes, one write and one data sync per
/// batch. An operation is one entry.
/// </summary>
internal sealed class FileCeiling : IRival
{
    private const int EntryBytes = 120;
    private const int BatchEntries = 512;

    private readonly TempFolder _folder = new();

    public string Name => $"append-only file, one fdatasync per {BatchEntries}";

    public Task<LoadResult> RunAsync(CycleLoad load, CancellationToken cancellation) =>
        ClosedLoop.RunAsync(0, 1, load.Duration, (_, tally, stop) =>
        {
            Append(tally, stop, cancellation);
            return Task.CompletedTask;
        });

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Append(Tally tally, long stop, CancellationToken cancellation)
    {
        var batch = new byte[EntryBytes * BatchEntries];
        new Random(1).NextBytes(batch);
        using var file = File.OpenHandle(Path.Combine(_folder.Path, "file"), FileMode.Create, FileAccess.Write);
        for (var offset = 0L; Stopwatch.GetTimestamp() < stop && !cancellation.IsCancellationRequested; offset += batch.Length)
        {
            var sent = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, batch, offset);
            RandomAccess.FlushToDisk(file);
            tally.Operations += BatchEntries;
            tally.Latency.Record(ClosedLoop.NanosSince(sent));
        }
    }
}
