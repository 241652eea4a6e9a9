namespace Enforcer.Client;

/// <summary>
/// Writes commands as entries of a <c>CommandBatch</c>, straight from plain data: message objects for each command would cost
/// more than everything else a client does. The tags are those of <c>enforcer/v1/edge.proto</c>.
/// </summary>
internal static class CommandEncoder
{
    /// <summary>Two nested ids, seven numbers and all tags and lengths.</summary>
    private const int FixedBytes = 128;

    /// <summary>No fewer bytes than <see cref="Write"/> will use.</summary>
    public static int Bound(in SessionCommand command) =>
        FixedBytes + (command.Account.Value?.Length ?? 0) + (3 * ((command.Model?.Length ?? 0) + (command.Tag?.Length ?? 0)))
        + (command.Estimate?.CalculateSize() ?? 0) + (command.Usage?.CalculateSize() ?? 0);

    /// <summary>Writes one entry of a batch.</summary>
    public static void Write(ref WireWriter writer, ulong number, in SessionCommand command)
    {
        var entry = writer.Open(0x0A);
        if (number != 0)
        {
            writer.Varint(0x08);
            writer.Varint(number);
        }
        switch (command.Kind)
        {
            case SessionCommandKind.Reserve:
                WriteReserve(ref writer, command);
                break;
            case SessionCommandKind.Extend:
                WriteExtend(ref writer, command);
                break;
            case SessionCommandKind.Commit:
                WriteCommit(ref writer, command);
                break;
            default:
                WriteRelease(ref writer, command);
                break;
        }
        writer.Close(entry);
    }

    private static void WriteReserve(ref WireWriter writer, in SessionCommand command)
    {
        var body = writer.Open(0x12);
        WriteHead(ref writer, command);
        writer.Int64(0x18, command.AmountNanos);
        writer.Int64(0x20, command.AtLeastNanos);
        writer.Int64(0x28, command.Tokens);
        writer.Int64(0x30, command.AtLeastTokens);
        writer.Int64(0x38, command.TtlMs);
        writer.Text(0x42, command.Model);
        writer.Text(0x4A, command.Tag);
        writer.Message(0x52, command.Estimate);
        writer.Close(body);
    }

    private static void WriteExtend(ref WireWriter writer, in SessionCommand command)
    {
        var body = writer.Open(0x1A);
        WriteHead(ref writer, command);
        writer.Id(0x1A, command.ReservationId);
        writer.Int64(0x20, command.AmountNanos);
        writer.Int64(0x28, command.Tokens);
        writer.Int64(0x30, command.TtlMs);
        writer.Message(0x3A, command.Estimate);
        writer.Close(body);
    }

    private static void WriteCommit(ref WireWriter writer, in SessionCommand command)
    {
        var body = writer.Open(0x22);
        WriteHead(ref writer, command);
        writer.Id(0x1A, command.ReservationId);
        writer.Int64(0x20, command.AmountNanos);
        writer.Int64(0x28, command.Tokens);
        writer.Bool(0x30, command.Final);
        writer.Message(0x3A, command.Usage);
        writer.Close(body);
    }

    private static void WriteRelease(ref WireWriter writer, in SessionCommand command)
    {
        var body = writer.Open(0x2A);
        WriteHead(ref writer, command);
        writer.Id(0x1A, command.ReservationId);
        writer.Close(body);
    }

    private static void WriteHead(ref WireWriter writer, in SessionCommand command)
    {
        writer.Id(0x0A, command.OperationId);
        var account = writer.Open(0x12);
        writer.Text(command.Account.IsKey ? (byte)0x12 : (byte)0x0A, command.Account.Value);
        writer.Close(account);
    }
}
