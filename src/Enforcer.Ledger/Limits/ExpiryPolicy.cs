namespace Enforcer.Ledger.Limits;

/// <summary>What becomes of a reservation that ends by time.</summary>
public enum ExpiryPolicy : byte
{
    /// <summary>All that it holds is charged: the money may have been spent. The default.</summary>
    Charge = 1,

    /// <summary>All that it holds is returned.</summary>
    Release = 2,
}
