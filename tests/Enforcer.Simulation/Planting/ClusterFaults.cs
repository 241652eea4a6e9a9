namespace Enforcer.Simulation.Planting;

/// <summary>Faults in membership, leases, routing, takeover and planned moves.</summary>
internal static class ClusterFaults
{
    public static IReadOnlyList<SourceFault> All { get; } =
    [
        new("lease-for-ever", "a node answers from memory without asking whether it was replaced", "Enforcer.Cluster/Members/Membership.cs",
            "_clock.GetTimestamp() < Volatile.Read(ref _leaseUntil) ? ValueTask.CompletedTask : new ValueTask(RenewAsync());",
            "ValueTask.CompletedTask;"),
        new("replaced-goes-on", "a node that was replaced goes on", "Enforcer.Cluster/Members/Membership.cs",
            "if (CauseOfEnd(mine, view) is { } cause)",
            "if (CauseOfEnd(mine, view) is { } cause && cause.Message.Length == 0)"),
        new("dead-stay", "dead nodes are not replaced", "Enforcer.Cluster/Ownership/Undertaker.cs",
            "< patience || !_underWay.Add(node.Node)) continue;",
            "< patience || !_underWay.Add(node.Node) || true) continue;"),
        new("reads-unchecked", "a balance is shown without a look at whose the account is", "Enforcer.Cluster/ClusterEngine.cs",
            "if (await _ownership.IsMineAsync(account, cancel).ConfigureAwait(false)) return;",
            "if (account > 0) return;"),
        new("owner-stale", "a router keeps to an owner who says that he is not", "Enforcer.Cluster/Routing/Router.cs",
            "if (epoch >= route.Epoch) (route.Place, route.Epoch) = (owner, epoch);",
            ""),
        new("forwarded-anew", "a command is passed on under another id after its connection broke", "Enforcer.Cluster/Routing/RemoteCommand.cs",
            "CommandCodec.Write(frame, PeerFields.Commands, number, Target.Number, _command,",
            "CommandCodec.Write(frame, PeerFields.Commands, number, Target.Number, Attempts > 1 ? _command with { OperationId = new OperationId(_command.OperationId.High, _command.OperationId.Low ^ 1) } : _command,"),
        new("lost-untold", "those whose connection to the owner broke are not told", "Enforcer.Cluster/Routing/PeerLink.cs",
            "foreach (var request in lost) request.Lose();",
            ""),
        new("peer-told-early", "a peer is answered before the disk has it", "Enforcer.Cluster/Serving/AnswerSender.cs",
            "await engine.WhenDurableAsync(frame.Ticket).ConfigureAwait(false);",
            "await engine.WhenDurableAsync(default).ConfigureAwait(false);"),
        new("covered-too-far", "an owner that lets accounts go says that their heads are complete up to the last batch", "Enforcer.Journal/Committing/TailIndex.cs",
            "if (_tails.TryGetValue(account, out var tail)) through = Math.Min(through, tail.FirstBatch - 1);",
            ""),
        new("waiters-forgotten", "an account that departs forgets the commands that wait", "Enforcer.Host/Departures/DepartingAccounts.cs",
            "if (_accounts.TryRemove(account, out var leaving)) leaving.End(work);",
            "_accounts.TryRemove(account, out _);"),
        new("drained-takes", "accounts are placed on a node that is to give them away", "Enforcer.Cluster/Members/ClusterView.cs",
            "node => node.IsServing && !node.Row.IsDraining)",
            "node => node.IsServing)"),
    ];
}
