using Enforcer.Grpc;
using Enforcer.Ledger;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace Enforcer.Server.Wire;

/// <summary>The one place where what is wrong becomes a status of gRPC; REST maps these further to HTTP.</summary>
internal static class Faults
{
    /// <summary>The domain of every <see cref="ErrorInfo"/>.</summary>
    public const string Domain = "enforcer";

    /// <summary>A field is malformed. Texts begin with the field: see CommandForm.</summary>
    public static GrpcStatusException Invalid(string problem)
    {
        var end = problem.AsSpan().IndexOfAny(" '");
        var field = end > 0 ? problem[..end].TrimEnd(':', ',') : "";
        var violation = new BadRequest.Types.FieldViolation { Field = field, Description = problem };
        return new(GrpcStatus.InvalidArgument, problem, new BadRequest { FieldViolations = { violation } });
    }

    /// <summary>Something that an operator named does not exist.</summary>
    public static GrpcStatusException NotFound(string what, string name, string wayOut) =>
        new(GrpcStatus.NotFound, $"{what} '{name}' does not exist; {wayOut}", Info($"UNKNOWN_{what.ToUpperInvariant()}"));

    /// <summary>A change that does not fit what is there.</summary>
    public static GrpcStatusException Precondition(string reason, string message) =>
        new(GrpcStatus.FailedPrecondition, message, Info(reason));

    /// <summary>The journal or the directory cannot be reached; nothing is known to have changed.</summary>
    public static GrpcStatusException Unavailable() => new(GrpcStatus.Unavailable, RefusalWords.Unavailable,
        Info("UNAVAILABLE"), new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });

    public static GrpcStatusException TooLarge(string message) => new(GrpcStatus.ResourceExhausted, message, Info("TOO_LARGE"));

    public static GrpcStatusException Unauthenticated(string message) => new(GrpcStatus.Unauthenticated, message, Info("WRONG_TOKEN"));

    public static GrpcStatusException Forbidden(string message) => new(GrpcStatus.PermissionDenied, message, Info("WRONG_ROLE"));

    /// <summary>
    /// The error that an outcome is for a unary call, or null if it is an ordinary answer: a refusal by a limit is one, a
    /// command that cannot mean what its caller thinks is not.
    /// </summary>
    public static GrpcStatusException? Of(in Outcome outcome)
    {
        var status = outcome.Refusal switch
        {
            Refusal.UnknownReservation or Refusal.ReservationFinished => GrpcStatus.NotFound,
            Refusal.OperationConflict => GrpcStatus.AlreadyExists,
            Refusal.ExpiredOperation or Refusal.FutureOperation => GrpcStatus.FailedPrecondition,
            Refusal.Unavailable => GrpcStatus.Unavailable,
            _ => GrpcStatus.Ok,
        };
        if (status == GrpcStatus.Ok) return null;
        if (status == GrpcStatus.Unavailable) return Unavailable();
        return new(status, RefusalWords.Of(outcome)!, Info(RefusalWords.Name(outcome.Refusal)));
    }

    private static ErrorInfo Info(string reason) => new() { Reason = reason, Domain = Domain };
}
