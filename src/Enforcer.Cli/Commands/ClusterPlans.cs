using Enforcer.Server.Nodes;
using Enforcer.Server.Options;

namespace Enforcer.Cli.Commands;

/// <summary>The clusters besides the built-in nodes that a build knows, by the names that <c>serve --cluster</c> takes.</summary>
internal sealed class ClusterPlans : Dictionary<string, Func<EnforcerServerOptions, IClusterPlan>>
{
}
