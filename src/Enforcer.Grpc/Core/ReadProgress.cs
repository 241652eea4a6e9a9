namespace Enforcer.Grpc;

/// <summary>How far a reader has come.</summary>
/// <param name="FramesRead">Frames handed out so far.</param>
/// <param name="IsWaiting">It waits for bytes of the peer.</param>
/// <param name="InsideFrame">It waits for the rest of a frame.</param>
internal readonly record struct ReadProgress(long FramesRead, bool IsWaiting, bool InsideFrame);
