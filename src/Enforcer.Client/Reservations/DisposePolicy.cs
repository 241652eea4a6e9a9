namespace Enforcer.Client;

/// <summary>What happens to a reservation that is disposed before its final commit or release.</summary>
public enum DisposePolicy
{
    /// <summary>It is released: right where an exception before the upstream's answer means that nothing was spent.</summary>
    Release,

    /// <summary>What it still holds is committed: right where the upstream may have charged whenever it was called.</summary>
    Charge,
}
