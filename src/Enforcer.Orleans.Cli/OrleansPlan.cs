using System.Net;
using Enforcer.Host;
using Enforcer.Server.Nodes;
using Enforcer.Server.Options;
using Enforcer.Storage.Postgres;

namespace Enforcer.Orleans.Cli;

/// <summary><c>serve --cluster orleans</c>: a silo around the server's own half.</summary>
internal sealed class OrleansPlan(EnforcerServerOptions options) : IClusterPlan
{
    private readonly ChangedAccounts _changed = new();

    /// <inheritdoc/>
    public string Owner { get; } = OrleansSilo.NewName(options.Node.Length > 0 ? options.Node : PostgresOptions.NodeOf(Environment.MachineName));

    /// <inheritdoc/>
    public IAccountObserver Observer => _changed;

    /// <inheritdoc/>
    public async Task<IClusterMember> JoinAsync(ClusterParts parts, CancellationToken cancel)
    {
        var silo = new OrleansOptions
        {
            ConnectionString = parts.Postgres.ConnectionString,
            Node = parts.Postgres.Node,
            Silo = IPEndPoint.Parse(parts.Options.Silo),
            Dashboard = parts.Options.Dashboard.Length == 0 ? null : IPEndPoint.Parse(parts.Options.Dashboard),
        };
        var own = new SiloParts
        {
            Name = Owner,
            Host = parts.Host,
            Served = parts.Served,
            Calls = parts.Calls,
            Changed = _changed,
            Heads = parts.Heads,
            Store = parts.Store,
            Ledger = parts.Ledger,
            IsOperator = parts.IsOperator,
        };
        return new OrleansMember(await OrleansSilo.StartAsync(silo, own, parts.Clock, parts.Logs, cancel).ConfigureAwait(false));
    }
}
