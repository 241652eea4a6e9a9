using Enforcer.Ledger.Accounts;

namespace Enforcer.Simulation.Checking;

/// <summary>An account after one of its entries, as far as refusals are explained by it.</summary>
internal readonly record struct Point(
    long AtMs, long CapNanos, long CommittedNanos, long HeldNanos, int Open, int Concurrency, AccountStatus Status, bool IsOverrun, long Requests, long Tokens)
{
    public long HeadroomNanos => CapNanos == long.MaxValue ? long.MaxValue : CapNanos - CommittedNanos - HeldNanos;
}
