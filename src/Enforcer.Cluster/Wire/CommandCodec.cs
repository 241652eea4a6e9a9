using System.Text;
using Enforcer.Grpc;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;

namespace Enforcer.Cluster;

/// <summary>
/// Commands of all kinds between nodes: <c>enforcer.v1.NodeCommand</c>, written and read without making messages of them. What a newer version adds is
/// passed over.
/// </summary>
public static class CommandCodec
{
    /// <summary>Writes a command as a field of a message.</summary>
    /// <param name="frame">Where to.</param>
    /// <param name="field">The field's number.</param>
    /// <param name="number">What the answer is to carry back.</param>
    /// <param name="account">The account's number.</param>
    /// <param name="command">The command.</param>
    /// <param name="timeoutMs">How long its answer is waited for; 0 for as long as it takes.</param>
    /// <param name="calls">Writes what commands say of their calls; null where none says anything.</param>
    public static void Write(FrameBuffer frame, int field, ulong number, long account, in Command command, long timeoutMs, ICallMessages? calls = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var start = frame.Begin(field);
        frame.Write(1, unchecked((long)number));
        frame.Write(2, account);
        frame.Write(3, (long)command.Kind);
        frame.Write(4, command.OperationId);
        frame.Write(5, command.ReservationId);
        frame.Write(6, command.AmountNanos);
        frame.Write(7, command.AtLeastNanos);
        frame.Write(8, command.Tokens);
        frame.Write(9, command.AtLeastTokens);
        frame.Write(10, command.TtlMs);
        frame.Write(11, command.Final ? 1 : 0);
        frame.Write(12, command.Model);
        frame.Write(13, command.Tag);
        if (command.Kind >= CommandKind.Open) WriteOperators(frame, command);
        frame.Write(18, timeoutMs);
        if (command.Call is { } call) frame.Write(call is CallReport ? 20 : 19, Needed(calls).Write(call));
        frame.End(start);
    }

    /// <summary>Reads one.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="number">What the answer is to carry back.</param>
    /// <param name="account">The account's number.</param>
    /// <param name="timeoutMs">How long its answer is waited for; 0 for as long as it takes.</param>
    /// <param name="calls">Reads what commands say of their calls; null where none says anything.</param>
    /// <exception cref="GrpcStatusException">The bytes are no protobuf.</exception>
    /// <exception cref="ArgumentException">An id is not 16 bytes, or a call is malformed.</exception>
    public static Command Read(ReadOnlySpan<byte> bytes, out ulong number, out long account, out long timeoutMs, ICallMessages? calls = null)
    {
        (number, account, timeoutMs) = (0, 0, 0);
        var command = default(Command);
        var reader = new WireReader(bytes, GrpcStatus.InvalidArgument);
        while (reader.TryReadTag(out var tag))
        {
            var isNumber = (tag & 7) == 0;
            switch (tag >> 3)
            {
                case 1 when isNumber: number = reader.ReadVarint(); break;
                case 2 when isNumber: account = unchecked((long)reader.ReadVarint()); break;
                case 18 when isNumber: timeoutMs = unchecked((long)reader.ReadVarint()); break;
                // The command's kind comes before what depends on it.
                case 19 or 20 when (tag & 7) == 2: command = command with { Call = Needed(calls).Read(command.Kind, reader.ReadBytes()) }; break;
                case <= 11 when isNumber: command = WithNumber(command, tag >> 3, unchecked((long)reader.ReadVarint())); break;
                case >= 4 and <= 17 when (tag & 7) == 2: command = WithBytes(command, tag >> 3, reader.ReadBytes()); break;
                default: reader.Skip(tag); break;
            }
        }
        return command;
    }

    private static ICallMessages Needed(ICallMessages? calls) =>
        calls ?? throw new ArgumentException("The command tells its call's quantities, but nothing was given that writes or reads them.", nameof(calls));

    private static void WriteOperators(FrameBuffer frame, in Command command)
    {
        if (command.Limits is { } limits) frame.Write(14, LimitBytes.Of(limits));
        frame.Write(15, command.Unit);
        frame.Write(16, command.Actor);
        frame.Write(17, command.Reason);
    }

    private static Command WithNumber(in Command command, uint field, long value) => field switch
    {
        3 => command with { Kind = unchecked((CommandKind)value) },
        6 => command with { AmountNanos = value },
        7 => command with { AtLeastNanos = value },
        8 => command with { Tokens = value },
        9 => command with { AtLeastTokens = value },
        10 => command with { TtlMs = value },
        11 => command with { Final = value != 0 },
        _ => command,
    };

    private static Command WithBytes(in Command command, uint field, ReadOnlySpan<byte> value) => field switch
    {
        4 => command with { OperationId = OperationId.Read(value) },
        5 => command with { ReservationId = OperationId.Read(value) },
        12 => command with { Model = Encoding.UTF8.GetString(value) },
        13 => command with { Tag = Encoding.UTF8.GetString(value) },
        14 => command with { Limits = LimitBytes.Read(value) },
        15 => command with { Unit = Encoding.UTF8.GetString(value) },
        16 => command with { Actor = Encoding.UTF8.GetString(value) },
        17 => command with { Reason = Encoding.UTF8.GetString(value) },
        _ => command,
    };
}
