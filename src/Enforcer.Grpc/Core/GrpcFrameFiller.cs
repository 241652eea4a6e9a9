namespace Enforcer.Grpc;

/// <summary>Fills the payload of one frame and says how many bytes of it are used.</summary>
/// <param name="payload">At least as long as was asked for; its content is undefined.</param>
/// <param name="state">What the caller passed along.</param>
public delegate int GrpcFrameFiller<in TState>(Span<byte> payload, TState state)
    where TState : allows ref struct;
