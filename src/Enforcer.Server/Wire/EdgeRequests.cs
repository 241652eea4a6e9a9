using Enforcer.Grpc;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Wire;

/// <summary>From the edge's unary requests to commands, checked for form.</summary>
internal static class EdgeRequests
{
    /// <exception cref="GrpcStatusException">INVALID_ARGUMENT names the field and the rule.</exception>
    public static Command ToCommand(V1.ReserveRequest request) => Checked(new Command
    {
        Kind = CommandKind.Reserve,
        OperationId = Id(request.OperationId, "operation_id"),
        AmountNanos = request.AmountNanos,
        AtLeastNanos = request.AtLeastNanos,
        Tokens = request.Tokens,
        AtLeastTokens = request.AtLeastTokens,
        TtlMs = request.TtlMs,
        Model = NullIfEmpty(request.Model),
        Tag = NullIfEmpty(request.Tag),
        Call = Estimate(request.Estimate),
    });

    /// <inheritdoc cref="ToCommand(V1.ReserveRequest)"/>
    public static Command ToCommand(V1.ExtendRequest request, IOfferSource offers) => Checked(new Command
    {
        Kind = CommandKind.Extend,
        OperationId = Id(request.OperationId, "operation_id"),
        ReservationId = Id(request.ReservationId, "reservation_id"),
        AmountNanos = request.AmountNanos,
        Tokens = request.Tokens,
        TtlMs = request.TtlMs,
        Call = More(request.More, offers),
    });

    /// <inheritdoc cref="ToCommand(V1.ReserveRequest)"/>
    public static Command ToCommand(V1.CommitRequest request, IOfferSource offers) => Checked(new Command
    {
        Kind = CommandKind.Commit,
        OperationId = Id(request.OperationId, "operation_id"),
        ReservationId = Id(request.ReservationId, "reservation_id"),
        AmountNanos = request.AmountNanos,
        Tokens = request.Tokens,
        Final = request.Final,
        Call = Report(request.Usage, offers),
    });

    /// <inheritdoc cref="ToCommand(V1.ReserveRequest)"/>
    public static Command ToCommand(V1.ReleaseRequest request) => Checked(new Command
    {
        Kind = CommandKind.Release,
        OperationId = Id(request.OperationId, "operation_id"),
        ReservationId = Id(request.ReservationId, "reservation_id"),
    });

    /// <summary>An id of 16 bytes, or none if the field is empty.</summary>
    public static OperationId Id(ByteString bytes, string field)
    {
        if (bytes.IsEmpty) return OperationId.None;
        return bytes.Length == OperationId.Size ? OperationId.Read(bytes.Span) : throw Faults.Invalid(WrongLength(field, bytes.Length));
    }

    /// <summary>The words for an id that has not 16 bytes.</summary>
    public static string WrongLength(string field, int length) =>
        $"{field} is {length} bytes long; give the {OperationId.Size} bytes of a UUIDv7 or ULID.";

    public static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static CallEstimate? Estimate(V1.UsageEstimate? message)
    {
        if (message is null) return null;
        return CallMessages.Problem(message, out var estimate) is { } problem ? throw Faults.Invalid(problem) : estimate;
    }

    private static CallMore? More(V1.UsageEstimate? message, IOfferSource offers)
    {
        if (message is null) return null;
        return CallMessages.Problem(message, offers, out var more) is { } problem ? throw Faults.Invalid(problem) : more;
    }

    private static CallReport? Report(V1.UsageReport? message, IOfferSource offers)
    {
        if (message is null) return null;
        return CallMessages.Problem(message, offers, out var report) is { } problem ? throw Faults.Invalid(problem) : report;
    }

    private static Command Checked(in Command command) =>
        CommandForm.Problem(command) is { } problem ? throw Faults.Invalid(problem) : command;
}
