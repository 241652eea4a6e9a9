namespace Enforcer.Grpc;

/// <summary>The one place where a failure on the server becomes a status on the wire.</summary>
internal static class CallFailure
{
    public static GrpcStatusException DeadlineExceeded() => new(GrpcStatus.DeadlineExceeded, "the deadline of the call has passed.");

    public static GrpcStatusException ServerStops() => new(GrpcStatus.Unavailable, "the server is stopping; call again, there or elsewhere.");

    /// <summary>What a failed read or write of a call means.</summary>
    public static GrpcStatusException OfTransport(GrpcCall call, Exception failure) => call.IsDeadlineExceeded
        ? DeadlineExceeded()
        : new(GrpcStatus.Cancelled, "the caller has gone.", failure);

    public static GrpcStatus Answer(GrpcCall call, Exception failure)
    {
        var error = ToStatus(call, failure);
        call.WriteError(error);
        return error.Code;
    }

    private static GrpcStatusException ToStatus(GrpcCall call, Exception failure)
    {
        if (call.IsDeadlineExceeded)
            return DeadlineExceeded();
        if (call.HttpContext.RequestAborted.IsCancellationRequested)
            return new(GrpcStatus.Cancelled, "the caller has gone.");
        if (failure is GrpcStatusException status)
            return status;
        if (failure is OperationCanceledException && call.Stopping.IsCancellationRequested)
            return ServerStops();
        // The text of a foreign exception may hold anything, so it goes to the log and never to the caller.
        GrpcServerLog.HandlerFailed(call.Server.Logger, failure, call.Method.Path);
        return new(GrpcStatus.Unknown, "the call failed for a reason that the server has logged.");
    }
}
