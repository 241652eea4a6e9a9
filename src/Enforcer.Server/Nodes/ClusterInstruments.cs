using System.Diagnostics.Metrics;
using Enforcer.Cluster;

namespace Enforcer.Server.Nodes;

/// <summary>What a node tells about its place among the others; observed when somebody looks.</summary>
internal sealed class ClusterInstruments : IDisposable
{
    public const string MeterName = "Enforcer.Cluster";

    private readonly Meter _meter = new(MeterName);

    public ClusterInstruments(ClusterNode node)
    {
        _meter.CreateObservableGauge("enforcer.cluster.nodes_serving", () => (long)node.View.Nodes.Count(static one => one.IsServing), "{node}", "Nodes that serve, as this one sees them.");
        _meter.CreateObservableGauge("enforcer.cluster.nodes_draining", () => (long)node.View.Nodes.Count(static one => one.IsServing && one.Row.IsDraining), "{node}", "Nodes that give their accounts to others.");
        _meter.CreateObservableGauge("enforcer.cluster.nodes_silent", () => (long)node.View.Nodes.Count(static one => !one.IsLiving && one.Row.Standing != NodeStanding.Replaced), "{node}", "Nodes whose heartbeat has stopped and that are not replaced yet.");
        _meter.CreateObservableGauge("enforcer.cluster.nodes_cut_off", () => (long)node.CutOff.Count, "{node}", "Nodes that live but cannot be reached from this one.");
        _meter.CreateObservableGauge("enforcer.cluster.lease", () => node.IsCurrent ? 1L : 0L, description: "1 while this node may answer without asking whether it was replaced.");
        _meter.CreateObservableCounter("enforcer.cluster.passed_on", () => node.PassedOn, "{command}", "Commands passed on to the nodes that own their accounts.");
        _meter.CreateObservableCounter("enforcer.cluster.peer_frames", () => node.PeerFrames, "{frame}", "Frames that commands were passed on in.");
        _meter.CreateObservableGauge("enforcer.cluster.waiting", () => (long)node.Waiting, "{command}", "Commands that wait for an owner that cannot be asked at present.");
        _meter.CreateObservableGauge("enforcer.cluster.routes", () => (long)node.Routes, "{account}", "Accounts of other nodes of which it is remembered where they are.");
    }

    public void Dispose() => _meter.Dispose();
}
