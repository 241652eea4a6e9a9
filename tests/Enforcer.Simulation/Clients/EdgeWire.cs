using System.Globalization;
using Enforcer.Client;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Simulation.Clients;

/// <summary>Between the words of the wire, which the SDK writes and reads itself, and those of the rules.</summary>
internal static class EdgeWire
{
    public static AccountName NameOf(long account) => new(account.ToString(CultureInfo.InvariantCulture));

    public static long AccountOf(string name) => long.Parse(name, CultureInfo.InvariantCulture);

    public static Guid GuidOf(OperationId id)
    {
        Span<byte> bytes = stackalloc byte[OperationId.Size];
        id.Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A command as it is given to the SDK.</summary>
    public static SessionCommand ToSession(long account, in Command command) => new()
    {
        Kind = command.Kind switch
        {
            CommandKind.Reserve => SessionCommandKind.Reserve,
            CommandKind.Extend => SessionCommandKind.Extend,
            CommandKind.Commit => SessionCommandKind.Commit,
            CommandKind.Release => SessionCommandKind.Release,
            _ => throw new NotSupportedException($"{command.Kind} is an operator's."),
        },
        OperationId = GuidOf(command.OperationId),
        Account = NameOf(account),
        ReservationId = GuidOf(command.ReservationId),
        AmountNanos = command.AmountNanos,
        AtLeastNanos = command.AtLeastNanos,
        Tokens = command.Tokens,
        AtLeastTokens = command.AtLeastTokens,
        TtlMs = command.TtlMs,
        Final = command.Final,
    };

    /// <summary>A command as it came over the wire, and its account.</summary>
    public static (long Account, Command Command) Read(V1.Command message) => message.BodyCase switch
    {
        V1.Command.BodyOneofCase.Reserve => (AccountOf(message.Reserve.Account.Account), new Command
        {
            Kind = CommandKind.Reserve,
            OperationId = OperationId.Read(message.Reserve.OperationId.Span),
            AmountNanos = message.Reserve.AmountNanos,
            AtLeastNanos = message.Reserve.AtLeastNanos,
            Tokens = message.Reserve.Tokens,
            AtLeastTokens = message.Reserve.AtLeastTokens,
            TtlMs = message.Reserve.TtlMs,
        }),
        V1.Command.BodyOneofCase.Extend => (AccountOf(message.Extend.Account.Account), new Command
        {
            Kind = CommandKind.Extend,
            OperationId = OperationId.Read(message.Extend.OperationId.Span),
            ReservationId = OperationId.Read(message.Extend.ReservationId.Span),
            AmountNanos = message.Extend.AmountNanos,
            Tokens = message.Extend.Tokens,
            TtlMs = message.Extend.TtlMs,
        }),
        V1.Command.BodyOneofCase.Commit => (AccountOf(message.Commit.Account.Account), new Command
        {
            Kind = CommandKind.Commit,
            OperationId = OperationId.Read(message.Commit.OperationId.Span),
            ReservationId = OperationId.Read(message.Commit.ReservationId.Span),
            AmountNanos = message.Commit.AmountNanos,
            Tokens = message.Commit.Tokens,
            Final = message.Commit.Final,
        }),
        _ => (AccountOf(message.Release.Account.Account), new Command
        {
            Kind = CommandKind.Release,
            OperationId = OperationId.Read(message.Release.OperationId.Span),
            ReservationId = OperationId.Read(message.Release.ReservationId.Span),
        }),
    };

    /// <summary>An outcome as a node sends it.</summary>
    public static V1.Outcome Write(ulong number, in Outcome outcome)
    {
        var message = new V1.Outcome
        {
            Number = number,
            Refusal = (V1.Refusal)outcome.Refusal,
            HeldNanos = outcome.HeldNanos,
            HeldTokens = outcome.HeldTokens,
            ChargedNanos = outcome.ChargedNanos,
            OverrunNanos = outcome.OverrunNanos,
            ExpiresAtMs = outcome.ExpiresAtMs,
            Seq = outcome.Seq,
        };
        if (outcome.HeadroomNanos != Outcome.NoCap) message.HeadroomNanos = outcome.HeadroomNanos;
        return message;
    }

    /// <summary>An outcome as it came over the wire; why a limit refused is not on it.</summary>
    public static Outcome Read(V1.Outcome message) => new()
    {
        Refusal = (Refusal)message.Refusal,
        HeldNanos = message.HeldNanos,
        HeldTokens = message.HeldTokens,
        ChargedNanos = message.ChargedNanos,
        OverrunNanos = message.OverrunNanos,
        ExpiresAtMs = message.ExpiresAtMs,
        Seq = message.Seq,
        HeadroomNanos = message.HasHeadroomNanos ? message.HeadroomNanos : Outcome.NoCap,
    };

    /// <summary>An outcome as the SDK tells it.</summary>
    public static Outcome Read(in SessionOutcome told) => new()
    {
        Refusal = (Refusal)told.Refusal,
        HeldNanos = told.HeldNanos,
        HeldTokens = told.HeldTokens,
        ChargedNanos = told.ChargedNanos,
        OverrunNanos = told.OverrunNanos,
        ExpiresAtMs = told.ExpiresAtMs,
        Seq = told.Seq,
        HeadroomNanos = told.HeadroomNanos ?? Outcome.NoCap,
    };

    public static ByteString Bytes(OperationId id)
    {
        var bytes = new byte[OperationId.Size];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
