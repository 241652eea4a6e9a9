using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// Writes a <c>CommandBatch</c> straight into a buffer, so that the tool measures the server and not its own objects.
/// Every length in it fits one byte, because account names are short.
/// </summary>
internal sealed class CommandEncoder(byte[][] accountNames) : ICommandSink
{
    /// <summary>More than any command takes.</summary>
    public const int MaxCommandBytes = 128;

    private const int LengthDelimited = 2;
    private byte[] _buffer = new byte[16 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(int number, in EdgeCommand command)
    {
        if (_buffer.Length - Length < MaxCommandBytes)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var start = Begin(1);
        Varint(1, number);
        var body = Begin((int)command.Verb);
        Id(1, command.OperationId);
        var account = Begin(2);
        Bytes(1, accountNames[command.Account]);
        End(account);
        switch (command.Verb)
        {
            case EdgeVerb.Reserve:
                Varint(3, command.AmountNanos);
                Varint(4, command.AtLeastNanos);
                Varint(7, command.TtlMs);
                break;
            case EdgeVerb.Commit:
                Id(3, command.ReservationId);
                Varint(4, command.AmountNanos);
                Varint(6, 1);
                break;
            case EdgeVerb.Release:
                Id(3, command.ReservationId);
                break;
        }

        End(body);
        End(start);
    }

    private int Begin(int field)
    {
        _buffer[Length] = (byte)((field << 3) | LengthDelimited);
        Length += 2;
        return Length;
    }

    private void End(int start)
    {
        var length = Length - start;
        if (length > 127)
            throw new InvalidOperationException($"a command of {length} bytes does not fit; use shorter account names");
        _buffer[start - 1] = (byte)length;
    }

    private void Id(int field, UInt128 id)
    {
        var start = Begin(field);
        OperationIds.Write(id, _buffer.AsSpan(start));
        Length += 16;
        End(start);
    }

    private void Bytes(int field, byte[] value)
    {
        var start = Begin(field);
        value.CopyTo(_buffer, start);
        Length += value.Length;
        End(start);
    }

    private void Varint(int field, long value)
    {
        if (value == 0)
            return; // proto3: zero is what is not written
        _buffer[Length++] = (byte)(field << 3);
        var rest = (ulong)value;
        for (; rest > 127; rest >>= 7)
        {
            _buffer[Length++] = (byte)((rest & 127) | 128);
        }

        _buffer[Length++] = (byte)rest;
    }
}
