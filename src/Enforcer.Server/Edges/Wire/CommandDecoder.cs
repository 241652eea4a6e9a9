using System.Buffers;
using Enforcer.Access;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Edges.Wire;

/// <summary>From a command as it lies in the received bytes to the command of the rules, checked for form.</summary>
internal static class CommandDecoder
{
    /// <summary>The bytes that <see cref="DirectoryRules.IsAccountId"/> takes, to look at all of an id at once.</summary>
    private static readonly SearchValues<byte> AccountIdBytes = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Where(c => DirectoryRules.IsAccountId([(char)c])).Select(c => (byte)c)]);

    /// <summary>Null if the command is well-formed; else the field, the value, the rule and the way out.</summary>
    public static string? Problem(in WireCommand wire, TextTable texts, IOfferSource offers, out Command command)
    {
        command = default;
        if (wire.Kind != CommandKind.None && IdsProblem(wire) is { } problem) return problem;
        CallQuantities? call = null;
        if ((wire.Estimate is not null || wire.Usage is not null) && CallProblem(wire, offers, out call) is { } wrong) return wrong;
        command = new Command
        {
            Kind = wire.Kind,
            OperationId = Id(wire.OperationId),
            ReservationId = Id(wire.ReservationId),
            AmountNanos = wire.AmountNanos,
            AtLeastNanos = wire.AtLeastNanos,
            Tokens = wire.Tokens,
            AtLeastTokens = wire.AtLeastTokens,
            TtlMs = wire.TtlMs,
            Final = wire.Final,
            Model = texts.Get(wire.Model),
            Tag = texts.Get(wire.Tag),
            Call = call,
        };
        return wire.Kind == CommandKind.None ? "the command has no body; set one of reserve, extend, commit, release." : CommandForm.Problem(command);
    }

    private static string? CallProblem(in WireCommand wire, IOfferSource offers, out CallQuantities? call)
    {
        string? problem;
        switch (wire.Kind)
        {
            case CommandKind.Reserve:
                problem = CallMessages.Problem(wire.Estimate!, out var estimate);
                call = estimate;
                return problem;
            case CommandKind.Extend:
                problem = CallMessages.Problem(wire.Estimate!, offers, out var more);
                call = more;
                return problem;
            default:
                problem = CallMessages.Problem(wire.Usage!, offers, out var report);
                call = report;
                return problem;
        }
    }

    private static string? IdsProblem(in WireCommand wire)
    {
        if (wire.OperationId.Length is not (0 or OperationId.Size)) return EdgeRequests.WrongLength("operation_id", wire.OperationId.Length);
        if (wire.ReservationId.Length is not (0 or OperationId.Size)) return EdgeRequests.WrongLength("reservation_id", wire.ReservationId.Length);
        return wire.AccountBy switch
        {
            AccountNaming.None => AccountProblems.Missing,
            AccountNaming.Id when wire.Account.Length is 0 or > DirectoryRules.MaxAccountIdChars || wire.Account.ContainsAnyExcept(AccountIdBytes) => AccountProblems.WrongForm,
            _ => null,
        };
    }

    private static OperationId Id(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? OperationId.None : OperationId.Read(bytes);
}
