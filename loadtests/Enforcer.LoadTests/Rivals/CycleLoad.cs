namespace Enforcer.LoadTests.Rivals;

/// <summary>
/// The cycle that every competitor runs: each client reserves and then commits, <paramref name="Depth"/> at a time, on
/// accounts drawn uniformly (one account: a hot one), until the time is over.
/// </summary>
internal sealed record CycleLoad(int Clients, int Depth, int Accounts, TimeSpan Duration)
{
    public const long ReserveNanos = 5_000_000;
    public const long CommitNanos = 3_000_000;

    /// <summary>Large enough that no run exhausts it: what is compared is the work of a grant.</summary>
    public const long CapNanos = 1L << 53;

    public const long TtlMs = 600_000;
}
