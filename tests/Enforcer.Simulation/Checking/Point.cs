using Enforcer.Protocol.V1;
using AccountStatus = Enforcer.Ledger.Accounts.AccountStatus;

namespace Enforcer.Simulation.Checking;

/// <summary>An account after one of its entries, as far as refusals are explained by it.</summary>
internal readonly record struct Point(
    long AtMs, long CapNanos, long CommittedNanos, long HeldNanos, int Open, int Concurrency, AccountStatus Status, bool IsOverrun, long Requests, long Tokens)
{
    /// <summary>True if a balance says the same.</summary>
    public bool Shows(AccountView view) =>
        view.CommittedNanos == CommittedNanos && view.HeldNanos == HeldNanos && view.OpenReservations == Open && view.Status == ShownAs
        && view.SpendLimits.All(ShowsHeadroom);

    public long HeadroomNanos => CapNanos == long.MaxValue ? long.MaxValue : CapNanos - CommittedNanos - HeldNanos;

    private Protocol.V1.AccountStatus ShownAs => Status switch
    {
        AccountStatus.Active => Protocol.V1.AccountStatus.Active,
        AccountStatus.Suspended => Protocol.V1.AccountStatus.AccountSuspended,
        AccountStatus.Closed => Protocol.V1.AccountStatus.AccountClosed,
        _ => Protocol.V1.AccountStatus.Unspecified,
    };

    private bool ShowsHeadroom(SpendLimitView limit) => limit.HeadroomNanos == HeadroomNanos;
}
