namespace Enforcer.Server.Operators;

/// <summary>Who asks the operator service, and until when.</summary>
/// <param name="Actor">The id of the caller's token: the actor in the journal and in the audit trail.</param>
/// <param name="Cancel">Ends the call.</param>
internal readonly record struct OperatorCall(string Actor, CancellationToken Cancel);
