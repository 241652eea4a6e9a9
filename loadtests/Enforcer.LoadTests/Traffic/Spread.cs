namespace Enforcer.LoadTests.Traffic;

/// <summary>How cycles are spread over accounts.</summary>
internal enum Spread
{
    Uniform,

    /// <summary>Account r gets a share of 1/(r+1).</summary>
    Zipf,

    /// <summary>Nine cycles in ten on account 0, the others uniformly.</summary>
    Hot,
}
