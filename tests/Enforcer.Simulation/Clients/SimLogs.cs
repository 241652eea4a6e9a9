using Enforcer.Client;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Nodes;
using Microsoft.Extensions.Logging;

namespace Enforcer.Simulation.Clients;

/// <summary>What a client's SDK logs.</summary>
internal sealed class SimLogs(World world, string name) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new SimLog<EnforcerClient>(world, name);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Worlds write to their trace alone.");

    public void Dispose()
    {
        // There is nothing to be closed.
    }
}
