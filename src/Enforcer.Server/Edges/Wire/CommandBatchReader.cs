using Enforcer.Grpc;
using Enforcer.Ledger.Commands;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Edges.Wire;

/// <summary>
/// Reads the commands of an <c>enforcer.v1.CommandBatch</c> one after the other, without making anything. Tests hold it
/// against generated code, field by field and for malformed input too; like that, it leaves to others whether texts are UTF-8. What a command says of
/// usage is made by generated code, unless this is only a look ahead.
/// </summary>
internal ref struct CommandBatchReader(ReadOnlySpan<byte> batch, bool isLookAhead = false)
{
    /// <summary>The longest single command, in bytes.</summary>
    public const int MaxCommandBytes = 64 * 1024;

    private const uint CommandsTag = (1 << 3) | 2;
    private const int NumberTag = (1 << 3) | 0;
    private const int FirstBodyTag = (2 << 3) | 2;
    private const int LastBodyTag = (5 << 3) | 2;
    private readonly int _length = batch.Length;
    private WireReader _reader = new(batch, GrpcStatus.InvalidArgument);

    /// <summary>How many bytes were read: where the next command begins.</summary>
    public readonly int Offset => _length - _reader.Left;

    /// <summary>The next command; false after the last.</summary>
    /// <exception cref="GrpcStatusException">The batch is malformed, or the command too long.</exception>
    public bool TryRead(ref WireCommand command)
    {
        while (_reader.TryReadTag(out var tag))
        {
            if (tag != CommandsTag)
            {
                _reader.Skip(tag);
                continue;
            }
            var bytes = _reader.ReadBytes();
            if (bytes.Length > MaxCommandBytes) throw TooLong(bytes.Length);
            command = default;
            ReadCommand(bytes, ref command, isLookAhead);
            return true;
        }
        return false;
    }

    private static void ReadCommand(ReadOnlySpan<byte> bytes, ref WireCommand command, bool isLookAhead)
    {
        var reader = new WireReader(bytes, GrpcStatus.InvalidArgument);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == NumberTag)
            {
                command.Number = reader.ReadVarint();
            }
            else if (tag is >= FirstBodyTag and <= LastBodyTag && (tag & 7) == 2)
            {
                var kind = (CommandKind)((tag >> 3) - 1);
                // The last body wins; the same body twice is merged.
                if (command.Kind != kind) command = new WireCommand { Number = command.Number, Kind = kind };
                ReadBody(reader.ReadBytes(), ref command, isLookAhead);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private static void ReadBody(ReadOnlySpan<byte> bytes, ref WireCommand command, bool isLookAhead)
    {
        var reader = new WireReader(bytes, GrpcStatus.InvalidArgument);
        while (reader.TryReadTag(out var tag))
        {
            var isRead = (tag & 7) == 2 ? ReadText(tag >> 3, ref reader, ref command) || (!isLookAhead && ReadUsage(tag >> 3, ref reader, ref command))
                : (tag & 7) == 0 && ReadNumber(tag >> 3, ref reader, ref command);
            if (!isRead) reader.Skip(tag);
        }
    }

    private static bool ReadText(uint number, ref WireReader reader, ref WireCommand command)
    {
        switch (number)
        {
            case 1:
                command.OperationId = reader.ReadBytes();
                return true;
            case 2:
                ReadAccount(reader.ReadBytes(), ref command);
                return true;
            case 3 when command.Kind != CommandKind.Reserve:
                command.ReservationId = reader.ReadBytes();
                return true;
            case 8 when command.Kind == CommandKind.Reserve:
                command.Model = reader.ReadBytes();
                return true;
            case 9 when command.Kind == CommandKind.Reserve:
                command.Tag = reader.ReadBytes();
                return true;
            default:
                return false;
        }
    }

    /// <summary>A field that comes twice is merged, as in generated code.</summary>
    private static bool ReadUsage(uint number, ref WireReader reader, ref WireCommand command)
    {
        switch (command.Kind, number)
        {
            case (CommandKind.Reserve, 10):
            case (CommandKind.Extend, 7):
                Merge(command.Estimate ??= new V1.UsageEstimate(), reader.ReadBytes());
                return true;
            case (CommandKind.Commit, 7):
                Merge(command.Usage ??= new V1.UsageReport(), reader.ReadBytes());
                return true;
            default:
                return false;
        }
    }

    private static void Merge(IMessage message, ReadOnlySpan<byte> bytes)
    {
        try
        {
            message.MergeFrom(bytes);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new GrpcStatusException(GrpcStatus.InvalidArgument, $"the message is malformed: {malformed.Message}", malformed);
        }
    }

    private static bool ReadNumber(uint number, ref WireReader reader, ref WireCommand command) => command.Kind switch
    {
        CommandKind.Reserve => ReadReserveNumber(number, ref reader, ref command),
        CommandKind.Extend or CommandKind.Commit => ReadSettlingNumber(number, ref reader, ref command),
        _ => false,
    };

    private static bool ReadReserveNumber(uint number, ref WireReader reader, ref WireCommand command)
    {
        if (number is < 3 or > 7) return false;
        var value = unchecked((long)reader.ReadVarint());
        switch (number)
        {
            case 3:
                command.AmountNanos = value;
                break;
            case 4:
                command.AtLeastNanos = value;
                break;
            case 5:
                command.Tokens = value;
                break;
            case 6:
                command.AtLeastTokens = value;
                break;
            default:
                command.TtlMs = value;
                break;
        }
        return true;
    }

    private static bool ReadSettlingNumber(uint number, ref WireReader reader, ref WireCommand command)
    {
        if (number is < 4 or > 6) return false;
        var value = unchecked((long)reader.ReadVarint());
        if (number == 4) command.AmountNanos = value;
        else if (number == 5) command.Tokens = value;
        else if (command.Kind == CommandKind.Commit) command.Final = value != 0;
        else command.TtlMs = value;
        return true;
    }

    private static void ReadAccount(ReadOnlySpan<byte> bytes, ref WireCommand command)
    {
        var reader = new WireReader(bytes, GrpcStatus.InvalidArgument);
        while (reader.TryReadTag(out var tag))
        {
            if (tag is 10 or 18)
            {
                command.Account = reader.ReadBytes();
                command.AccountBy = (AccountNaming)(tag >> 3);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private static GrpcStatusException TooLong(int bytes) => new(GrpcStatus.ResourceExhausted,
        $"a command is {bytes} bytes long; at most {MaxCommandBytes} are taken: shorten its texts.");
}
