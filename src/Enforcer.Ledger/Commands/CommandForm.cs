using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Commands;

/// <summary>What makes a command well-formed (SPEC section 9), in one place for every way in.</summary>
public static class CommandForm
{
    /// <summary>Null if the command is well-formed; else the field, the value, the rule and the way out.</summary>
    public static string? Problem(in Command command)
    {
        if (command.OperationId.IsNone) return "operation_id is missing; give 16 bytes: a UUIDv7 or ULID made for this operation.";
        return command.Kind switch
        {
            CommandKind.Reserve => ReserveProblem(command),
            CommandKind.Extend => ReservationProblem(command) ?? ExtendProblem(command),
            CommandKind.Commit => ReservationProblem(command) ?? ReportProblem(command) ?? Range("amount_nanos", command.AmountNanos, 0, LedgerBounds.MaxAmountNanos)
                ?? Range("tokens", command.Tokens, 0, LedgerBounds.MaxTokens),
            CommandKind.Release => ReservationProblem(command),
            CommandKind.Reverse => ReservationProblem(command) ?? Range("amount_nanos", command.AmountNanos, 0, LedgerBounds.MaxAmountNanos)
                ?? Texts(command),
            CommandKind.TopUp => Range("amount_nanos", command.AmountNanos, 1, LedgerBounds.MaxAmountNanos) ?? Texts(command),
            CommandKind.Open => TextForm.Problem("unit", command.Unit, LedgerBounds.MaxUnitBytes) ?? Texts(command),
            CommandKind.SetLimits => (command.Limits is null ? "limits is missing; give the limits wanted, all of them." : null) ?? Texts(command),
            CommandKind.Suspend or CommandKind.Resume or CommandKind.Close => Texts(command),
            _ => "the command has no body; set one of reserve, extend, commit, release.",
        };
    }

    private static string? ReserveProblem(in Command command) =>
        (command.Call is not CallEstimate estimate ? Range("amount_nanos", command.AmountNanos, 1, LedgerBounds.MaxAmountNanos) : EstimateProblem(command, estimate))
        ?? (command.AtLeastNanos == 0 ? null : Range("at_least_nanos", command.AtLeastNanos, 1, command.AmountNanos))
        ?? Range("tokens", command.Tokens, 0, LedgerBounds.MaxTokens)
        ?? (command.AtLeastTokens == 0 ? null : Range("at_least_tokens", command.AtLeastTokens, 1, command.Tokens))
        ?? Range("ttl_ms", command.TtlMs, 0, LedgerBounds.MaxTtlMs)
        ?? TextForm.Problem("model", command.Model, LedgerBounds.MaxModelBytes)
        ?? TextForm.Problem("tag", command.Tag, LedgerBounds.MaxTagBytes);

    private static string? ExtendProblem(in Command command) =>
        Range("amount_nanos", command.AmountNanos, 0, LedgerBounds.MaxAmountNanos)
        ?? Range("tokens", command.Tokens, 0, LedgerBounds.MaxTokens)
        ?? Range("ttl_ms", command.TtlMs, 0, LedgerBounds.MaxTtlMs)
        ?? (command.Call is null && (command.AmountNanos | command.Tokens | command.TtlMs) == 0
            ? "amount_nanos, tokens and ttl_ms are all 0; an extend must raise at least one of them." : null)
        ?? (command.Call is null ? null : AmountProblem(command, "more"));

    private static string? EstimateProblem(in Command command, CallEstimate estimate) =>
        (command.Model is null ? "model is missing; an estimate is priced by it." : null)
        ?? AmountProblem(command, "estimate")
        ?? Range("estimate.prompt_tokens and the other tokens together", estimate.Bound.MostTokens, 0, LedgerBounds.MaxTokens)
        ?? Range("estimate.at_least_output_tokens", estimate.AtLeastOutputTokens, 0, estimate.Bound.MostOutputTokens);

    private static string? ReportProblem(in Command command) => command.Call is not CallReport report ? null
        : AmountProblem(command, "usage")
        ?? Range("usage.items, their tokens together,", report.Usage.Tokens, 0, LedgerBounds.MaxTokens)
        ?? Range("usage.latency_ms", report.LatencyMs, 0, LedgerBounds.MaxTtlMs)
        ?? TextForm.Problem("usage.served_model", report.ServedModel, LedgerBounds.MaxModelBytes)
        ?? TextForm.Problem("usage.request_id", report.RequestId, LedgerBounds.MaxRequestIdBytes);

    private static string? AmountProblem(in Command command, string instead) =>
        (command.AmountNanos | command.AtLeastNanos | command.Tokens | command.AtLeastTokens) == 0
            ? null : $"{instead} is given, and so is an amount or a number of tokens; leave those at 0, they are worked out.";

    private static string? ReservationProblem(in Command command) =>
        command.ReservationId.IsNone ? "reservation_id is missing; give the 16 bytes of the operation id of its Reserve." : null;

    private static string? Texts(in Command command) =>
        TextForm.Problem("reason", command.Reason, LedgerBounds.MaxReasonBytes) ?? TextForm.Problem("actor", command.Actor, LedgerBounds.MaxActorBytes);

    private static string? Range(string field, long value, long least, long most) =>
        value >= least && value <= most ? null : $"{field} is {value}; give a whole number from {least} to {most}.";
}
