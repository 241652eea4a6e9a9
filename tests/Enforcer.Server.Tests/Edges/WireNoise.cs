using System.Text;
using Google.Protobuf;

namespace Enforcer.Server.Tests.Edges;

/// <summary>
/// Writes command batches as no sensible client would, but all of them protobuf: fields twice and in any order, bodies that follow
/// one another, numbers longer than they need be, fields of other wire types, unknown fields and groups.
/// </summary>
internal sealed class WireNoise(int seed)
{
    private readonly Random _random = new(seed);

    public byte[] Batch()
    {
        var target = new MemoryStream();
        for (var i = _random.Next(4); i >= 0; i--)
        {
            if (_random.Next(6) == 0) Unknown(target, 0);
            else Bytes(target, 1, Command());
        }
        return target.ToArray();
    }

    /// <summary>The same bytes with a few of them changed, cut off or repeated.</summary>
    public byte[] Spoilt(byte[] batch)
    {
        var spoilt = batch.ToList();
        for (var i = _random.Next(2); i >= 0 && spoilt.Count > 0; i--)
        {
            var at = _random.Next(spoilt.Count);
            switch (_random.Next(4))
            {
                case 0:
                    spoilt.RemoveRange(at, spoilt.Count - at);
                    break;
                case 1:
                    spoilt.Insert(at, (byte)_random.Next(256));
                    break;
                case 2:
                    spoilt.RemoveAt(at);
                    break;
                default:
                    spoilt[at] = (byte)_random.Next(256);
                    break;
            }
        }
        return [.. spoilt];
    }

    private byte[] Command()
    {
        var target = new MemoryStream();
        for (var i = _random.Next(4); i >= 0; i--)
        {
            var what = _random.Next(8);
            if (what == 0) Number(target, 1);
            else if (what == 1) Unknown(target, 0);
            else Bytes(target, _random.Next(2, 6), Body());
        }
        return target.ToArray();
    }

    /// <summary>Fields of all bodies at once; what one of them does not know is unknown to it.</summary>
    private byte[] Body()
    {
        var target = new MemoryStream();
        for (var i = _random.Next(8); i > 0; i--)
        {
            var field = _random.Next(1, 11);
            switch (_random.Next(9))
            {
                case 0:
                    Unknown(target, 0);
                    break;
                case 1:
                    Bytes(target, 2, Account());
                    break;
                case 8:
                    Bytes(target, _random.Next(2) == 0 ? 7 : 10, Quantities());
                    break;
                case 2 or 3:
                    Number(target, field);
                    break;
                case 4:
                    Bytes(target, 1, Random(16));
                    break;
                case 5:
                    Bytes(target, 3, Random(16));
                    break;
                default:
                    // Fields 2, 7 and 10 are messages in some bodies: random text in them would be malformed.
                    if (field is not (2 or 7 or 10)) Bytes(target, field, Text());
                    break;
            }
        }
        return target.ToArray();
    }

    /// <summary>Fields of an estimate and of a report at once.</summary>
    private byte[] Quantities()
    {
        var target = new MemoryStream();
        for (var i = _random.Next(4); i > 0; i--)
        {
            if (_random.Next(5) == 0) Unknown(target, 0);
            else if (_random.Next(2) == 0) Number(target, _random.Next(2, 5));
            else Bytes(target, _random.Next(5, 7), []);
        }
        return target.ToArray();
    }

    private byte[] Account()
    {
        var target = new MemoryStream();
        for (var i = _random.Next(3); i > 0; i--)
        {
            if (_random.Next(5) == 0) Unknown(target, 0);
            else Bytes(target, _random.Next(1, 3), Text());
        }
        return target.ToArray();
    }

    private void Unknown(MemoryStream target, int depth)
    {
        var field = _random.Next(11, 40_000);
        switch (_random.Next(depth > 3 ? 4 : 5))
        {
            case 0:
                Number(target, field);
                break;
            case 1:
                Bytes(target, field, Random(_random.Next(9)));
                break;
            case 2:
                Varint(target, Tag(field, 1));
                target.Write(Random(8));
                break;
            case 3:
                Varint(target, Tag(field, 5));
                target.Write(Random(4));
                break;
            default:
                Varint(target, Tag(field, 3));
                for (var i = _random.Next(3); i > 0; i--) Unknown(target, depth + 1);
                Varint(target, Tag(field, 4));
                break;
        }
    }

    private void Number(MemoryStream target, int field)
    {
        Varint(target, Tag(field, 0));
        Varint(target, _random.Next(4) switch
        {
            0 => 0,
            1 => (ulong)_random.Next(300),
            2 => unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue)),
            _ => ulong.MaxValue,
        });
    }

    private void Bytes(MemoryStream target, int field, byte[] bytes)
    {
        Varint(target, Tag(field, 2));
        Varint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private byte[] Text() => Encoding.UTF8.GetBytes(_random.Next(4) switch
    {
        0 => "",
        1 => "acme",
        2 => "gpt-5.5-mini",
        _ => "grün €\0🜁",
    });

    private byte[] Random(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static ulong Tag(int field, int wireType) => ((ulong)field << 3) | (uint)wireType;

    /// <summary>Sometimes a byte longer than it need be.</summary>
    private void Varint(MemoryStream target, ulong value)
    {
        var bytes = CodedOutputStream.ComputeUInt64Size(value);
        var longer = bytes < 5 && _random.Next(8) == 0 ? 1 : 0;
        for (var i = 1; i < bytes + longer; i++)
        {
            target.WriteByte((byte)((value & 0x7F) | 0x80));
            value >>= 7;
        }
        target.WriteByte((byte)value);
    }
}
