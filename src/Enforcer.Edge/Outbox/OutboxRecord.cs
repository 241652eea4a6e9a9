using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Outbox;

/// <summary>One line of the outbox: a call begins or is to be settled so, or it is over.</summary>
/// <param name="Settlement">How the call is to be booked unless a later line says otherwise.</param>
/// <param name="Over">The reservation of a call that is booked.</param>
internal sealed record OutboxRecord(Settlement? Settlement, Guid? Over);
