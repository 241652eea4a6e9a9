using Enforcer.Ledger;

namespace Enforcer.Server.Refusals;

/// <summary>A refusal as it was decided.</summary>
/// <param name="Asked">What was asked.</param>
/// <param name="AtMs">When, Unix ms, by this node's clock.</param>
/// <param name="Account">The account's id.</param>
/// <param name="Outcome">The refusal, with the limit that refused and its values.</param>
internal readonly record struct RefusedOperation(AskedOperation Asked, long AtMs, string Account, Outcome Outcome);
