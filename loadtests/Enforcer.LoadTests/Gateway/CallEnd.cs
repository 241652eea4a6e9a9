namespace Enforcer.LoadTests.Gateway;

/// <summary>How a customer's call ended, as the customer sees it.</summary>
internal enum CallEnd
{
    /// <summary>The answer came to its end.</summary>
    Whole,

    /// <summary>The customer went away.</summary>
    Left,

    /// <summary>The answer broke off.</summary>
    Broken,

    /// <summary>A cap is used up.</summary>
    NoMoney,

    /// <summary>The money is held by other calls.</summary>
    InFlight,

    /// <summary>There was no connection, or nothing passes at present: nothing was called.</summary>
    Unreachable,
}
