namespace Enforcer.Simulation.Planting;

/// <summary>The ways in which a primary key on (account, seq) alone fails (SPEC section 5.3).</summary>
internal enum BareKeyMode
{
    Strict,
    Ignoring,
    Archived,
}
