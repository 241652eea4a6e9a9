namespace Enforcer.LoadTests.Traffic;

/// <summary>One call of a customer: what is reserved before it, and how it ends.</summary>
/// <param name="Account">The account's number: see <see cref="AccountNames"/>.</param>
/// <param name="ReserveNanos">The most the call can cost.</param>
/// <param name="AtLeastNanos">The least that is of use; 0 for all or nothing.</param>
/// <param name="CostNanos">What it really costs, for <see cref="Traffic.Ending.Commit"/>.</param>
/// <param name="Ending">How it ends.</param>
/// <param name="TtlMs">The reservation's time to live; 0 for the server's default.</param>
/// <param name="HoldFor">How long the call itself takes; zero commits at once. Unary edges only.</param>
/// <param name="StartAfter">When it begins, from the start of the run; zero for as soon as can be.</param>
internal readonly record struct Cycle(
    int Account,
    long ReserveNanos,
    long AtLeastNanos,
    long CostNanos,
    Ending Ending,
    long TtlMs = 0,
    TimeSpan HoldFor = default,
    TimeSpan StartAfter = default);
