namespace Enforcer.Edge.Proxy;

/// <summary>A call that may be made now: money is held for it, and the outbox has it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Message">What goes to the upstream.</param>
/// <param name="Durable">Completes when the outbox has it on disk, before which nobody must see an answer. A disk that fails then stops the calls after this one.</param>
internal sealed record AdmittedCall(RunningCall Call, HttpRequestMessage Message, Task Durable);
