namespace Enforcer.Grpc;

/// <summary>The status codes of gRPC; the numbers are those on the wire.</summary>
public enum GrpcStatus
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The caller cancelled the call.</summary>
    Cancelled = 1,

    /// <summary>The handler failed in a way that says nothing more.</summary>
    Unknown = 2,

    /// <summary>The request breaks a rule, whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended.</summary>
    DeadlineExceeded = 4,

    /// <summary>Something that the request names does not exist.</summary>
    NotFound = 5,

    /// <summary>Something that the request would create exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A bound was reached: message size, streams, rates.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of the server forbids the call, and a retry will not help until the state changes.</summary>
    FailedPrecondition = 9,

    /// <summary>A conflict with another call; retry at a higher level.</summary>
    Aborted = 10,

    /// <summary>A position past the end of what exists.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such method, or not in this form.</summary>
    Unimplemented = 12,

    /// <summary>A promise of the protocol was broken.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached or cannot serve now; retry later.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
