using Enforcer.Server.Edges;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Operators;

/// <summary>Tells callers that the storage, and not their request, is to blame.</summary>
internal static class Faulting
{
    public static async Task<T> Run<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
        {
            throw Faults.Unavailable();
        }
    }
}
