using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Enforcer.Orleans;

/// <summary>Finds the ports of silos.</summary>
internal sealed class SiloPorts(IServiceProvider services) : GrainServiceClient<ISiloPort>(services)
{
    public ISiloPort Of(SiloAddress silo) => GetGrainService(silo);
}
