using System.Diagnostics.Metrics;
using Enforcer.Telemetry;

namespace Enforcer.Server.Tests.Observability;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Histograms_count_up_to_each_bound_and_times_are_seconds()
    {
        using var meter = new Meter("Enforcer.Journal");
        using var metrics = new PrometheusText(one => one == meter);
        var duration = meter.CreateHistogram<long>("test.wait", "us", "A wait.");
        foreach (var us in new long[] { 1, 2, 3, 1_000_000 }) duration.Record(us);
        var lines = metrics.Read().Split('\n');
        Assert.Contains("# TYPE test_wait_seconds histogram", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.000001\"} 1", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.000002\"} 2", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.000004\"} 3", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"+Inf\"} 4", lines);
        Assert.Contains("test_wait_seconds_sum 1.000006", lines);
        Assert.Contains("test_wait_seconds_count 4", lines);
    }

    [Fact]
    public void A_label_has_its_own_samples()
    {
        using var meter = new Meter("Enforcer.Journal");
        using var metrics = new PrometheusText(one => one == meter);
        var duration = meter.CreateHistogram<long>("test.call", "us", "A call.");
        duration.Record(1, new KeyValuePair<string, object?>("method", "Reserve"));
        duration.Record(2, new KeyValuePair<string, object?>("method", "Reserve"));
        duration.Record(5, new KeyValuePair<string, object?>("method", "Com\"mit"));
        var lines = metrics.Read().Split('\n');
        Assert.Contains("test_call_seconds_bucket{method=\"Reserve\",le=\"0.000001\"} 1", lines);
        Assert.Contains("test_call_seconds_sum{method=\"Reserve\"} 0.000003", lines);
        Assert.Contains("test_call_seconds_count{method=\"Com\\\"mit\"} 1", lines);
        Assert.DoesNotContain("test_call_seconds_count 0", lines);
    }

    [Fact]
    public void Each_set_of_labels_has_its_own_samples()
    {
        using var meter = new Meter("Enforcer.Journal");
        using var metrics = new PrometheusText(one => one == meter);
        var calls = meter.CreateCounter<long>("test.calls");
        foreach (var path in new[] { "/a", "/b", "/a", new string('c', 500), new string('c', 500) })
            calls.Add(1, new KeyValuePair<string, object?>("path", path), new KeyValuePair<string, object?>("outcome", "whole"));
        var lines = metrics.Read().Split('\n');
        Assert.Contains("test_calls_total{path=\"/a\",outcome=\"whole\"} 2", lines);
        Assert.Contains("test_calls_total{path=\"/b\",outcome=\"whole\"} 1", lines);
        Assert.Contains($"test_calls_total{{path=\"{new string('c', 500)}\",outcome=\"whole\"}} 2", lines);
    }

    [Fact]
    public void Counters_end_in_total_and_strangers_are_left_out()
    {
        using var meter = new Meter("Enforcer.Journal");
        using var stranger = new Meter("Somebody");
        using var metrics = new PrometheusText(one => one == meter);
        var bytes = meter.CreateCounter<long>("test.bytes", "By", "Bytes.");
        bytes.Add(3);
        bytes.Add(4);
        stranger.CreateCounter<long>("test.other").Add(1);
        var text = metrics.Read();
        Assert.Contains("# TYPE test_bytes_total counter\ntest_bytes_total 7\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("test_other", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_beyond_the_last_bound_are_counted_under_infinity_alone()
    {
        using var meter = new Meter("Enforcer.Journal");
        using var metrics = new PrometheusText(one => one == meter);
        var records = meter.CreateHistogram<int>("test.records", "{record}", "Records.");
        records.Record(int.MaxValue);
        records.Record(0);
        var lines = metrics.Read().Split('\n');
        Assert.Contains("test_records_bucket{le=\"1\"} 1", lines);
        Assert.Contains("test_records_bucket{le=\"33554432\"} 1", lines);
        Assert.Contains("test_records_bucket{le=\"+Inf\"} 2", lines);
    }
}
