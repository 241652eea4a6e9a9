using System.Buffers.Binary;

namespace Enforcer.Access;

/// <summary>
/// Makes names for what callers did not name: a prefix and 22 base-62 digits of 48 bits of time and 80 random ones.
/// Names of one prefix sort by their millisecond.
/// </summary>
public sealed class NameMaker(TimeProvider clock, ISecretSource random)
{
    private const int Digits = 22;
    private const int Bytes = 16;

    /// <summary>The prefix of accounts that the server names.</summary>
    public const string AccountPrefix = "acct_";

    /// <summary>A new name, such as <c>key_…</c>.</summary>
    public string Next(string prefix)
    {
        Span<byte> number = stackalloc byte[Bytes];
        random.Fill(number);
        var timeMs = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds();
        var low = BinaryPrimitives.ReadUInt16BigEndian(number[6..]);
        BinaryPrimitives.WriteUInt64BigEndian(number, (timeMs << 16) | low);
        Span<char> text = stackalloc char[Digits];
        Base62.Write(number, text);
        return string.Concat(prefix, text);
    }
}
