using Orleans;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>An account as other silos find it; its key is the account's number.</summary>
[Alias("enforcer.account")]
public interface IAccountGrain : IGrainWithIntegerKey
{
    /// <summary>Tells where the account is, and sees to it that it is there: claimed for that silo, and in its memory.</summary>
    /// <param name="again">Whether it was looked for where this grain is, and was not there.</param>
    [Alias("locate")]
    ValueTask<SiloAddress> LocateAsync(bool again);
}
