using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Enforcer.Access;

/// <summary>
/// The SHA-256 of a secret: the only form in which secrets are kept and looked up. 32 bytes by value, no allocation.
/// </summary>
/// <remarks>
/// Secrets carry 256 random bits, so a plain hash is enough: there is nothing to guess, and a slow hash would only
/// cost the server. Finding a hash in a dictionary or an index may take a time that depends on the hash, but whoever
/// can choose texts cannot choose their hashes, so this tells nothing about a stored one; the comparison that
/// decides takes the same time whatever differs.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct CredentialHash : IEquatable<CredentialHash>
{
    /// <summary>Bytes in a hash.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    // Longer than any credential: a text that is cut here can no longer equal one.
    private const int HashedChars = 64;
    private const byte NotAscii = 0xFF;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>A hash that was stored before.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public CredentialHash(ReadOnlySpan<byte> stored)
    {
        if (stored.Length != Size)
            throw new ArgumentException($"A stored hash has {Size} bytes, this one has {stored.Length}.", nameof(stored));
        this = MemoryMarshal.Read<CredentialHash>(stored);
    }

    /// <summary>
    /// The hash of whatever was presented, well formed or not: a malformed text costs the same and then matches
    /// nothing. At most 64 characters count; no credential is that long, so a longer text never matches.
    /// </summary>
    public static CredentialHash Of(ReadOnlySpan<char> presented)
    {
        var text = presented.Length > HashedChars ? presented[..HashedChars] : presented;
        Span<byte> bytes = stackalloc byte[HashedChars];
        for (var i = 0; i < text.Length; i++)
            bytes[i] = char.IsAscii(text[i]) ? (byte)text[i] : NotAscii;
        return OfBytes(bytes[..text.Length]);
    }

    /// <summary>The same for UTF-8 bytes: equal to <see cref="Of(ReadOnlySpan{char})"/> for every ASCII text.</summary>
    public static CredentialHash Of(ReadOnlySpan<byte> presented) =>
        OfBytes(presented.Length > HashedChars ? presented[..HashedChars] : presented);

    /// <summary>Writes the 32 bytes as they are stored.</summary>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    /// <summary>The 32 bytes as they are stored.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Compares in constant time.</summary>
    public bool Equals(CredentialHash other) =>
        CryptographicOperations.FixedTimeEquals(AsBytes(in this), AsBytes(in other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CredentialHash other && Equals(other);

    /// <summary>Seeded per process, so that nobody can prepare texts that fall into one bucket.</summary>
    public override int GetHashCode() => HashCode.Combine(_a, _b);

    /// <summary>Compares in constant time.</summary>
    public static bool operator ==(CredentialHash left, CredentialHash right) => left.Equals(right);

    /// <summary>Compares in constant time.</summary>
    public static bool operator !=(CredentialHash left, CredentialHash right) => !left.Equals(right);

    /// <summary>The first bytes in hexadecimal: enough for a message, useless for anything else.</summary>
    public override string ToString() => Convert.ToHexString(AsBytes(in this)[..4]);

    private static CredentialHash OfBytes(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(text, hash);
        return MemoryMarshal.Read<CredentialHash>(hash);
    }

    private static ReadOnlySpan<byte> AsBytes(ref readonly CredentialHash hash) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in hash, 1));
}
