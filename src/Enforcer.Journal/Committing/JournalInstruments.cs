using System.Diagnostics.Metrics;

namespace Enforcer.Journal.Committing;

/// <summary>What group commit measures, once per batch.</summary>
internal static class JournalInstruments
{
    private static readonly Meter Meter = new("Enforcer.Journal");
    private static readonly Histogram<long> Duration =
        Meter.CreateHistogram<long>("enforcer.journal.append_duration", "us", "From sealing a batch to knowing that it is durable.");

    private static readonly Histogram<int> Records = Meter.CreateHistogram<int>("enforcer.journal.batch_records", "{record}", "Records in one batch.");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("enforcer.journal.bytes", "By", "Bytes of batches made durable.");

    /// <summary>A batch has become durable.</summary>
    public static void Appended(SealedBatch batch, TimeSpan duration)
    {
        Duration.Record(duration.Ticks / TimeSpan.TicksPerMicrosecond);
        Records.Record(batch.Records);
        Bytes.Add(batch.Payload.Length);
    }
}
