using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>The accounts that have a grain on some silo; a grain lives as long as its account is in memory.</summary>
internal sealed class GrainAccounts(IGrainFactory grains) : IActiveAccounts
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<long> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var type = grains.GetGrain<IAccountGrain>(0).GetGrainId().Type;
        var active = await grains.GetGrain<IManagementGrain>(0).GetActiveGrains(type).AsTask().WaitAsync(cancel).ConfigureAwait(false);
        foreach (var grain in active) yield return grain.GetIntegerKey();
    }
}
