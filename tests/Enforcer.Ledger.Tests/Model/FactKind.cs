namespace Enforcer.Ledger.Tests.Model;

internal enum FactKind
{
    LimitsSet,
    ToppedUp,
    Reserved,
    Extended,
    Committed,
    Released,
    Expired,
    Reversed,
    StatusSet,
    WindowBegan,
}
