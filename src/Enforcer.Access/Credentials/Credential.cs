namespace Enforcer.Access;

/// <summary>
/// A secret in clear: <c>enf_</c>, its kind, <c>_</c>, 43 base-62 digits of 256 random bits, 6 of a checksum. It
/// lives only between its making and the answer that shows it, and where a person typed it; it is never stored.
/// </summary>
/// <remarks>
/// <para><see cref="Check"/> tells a typing error from a key that merely is not known, without asking anybody: tools
/// use it before they send anything.</para>
/// <para>The server does not use it. It hashes what was presented, whatever it is, looks the hash up and compares:
/// an unknown, a malformed, an expired and a revoked secret take the same way and get the same words, so an answer
/// tells nothing but "not this one". A shortcut for malformed texts would make that way visible in time.</para>
/// </remarks>
public sealed class Credential
{
    /// <summary>How many random bits there are in a secret, in bytes.</summary>
    public const int RandomBytes = 32;

    private const string Start = "enf_";
    private const int BodyChars = 43;
    private const int ChecksumChars = 6;
    private const int ShownBodyChars = 6;

    private static readonly (CredentialKind Kind, string Prefix)[] Prefixes =
    [
        (CredentialKind.Key, Start + "live_"),
        (CredentialKind.EdgeToken, Start + "edge_"),
        (CredentialKind.ViewerToken, Start + "view_"),
        (CredentialKind.OperatorToken, Start + "oper_"),
        (CredentialKind.AdminToken, Start + "admin_"),
    ];

    private readonly string _secret;

    private Credential(CredentialKind kind, string secret)
    {
        Kind = kind;
        _secret = secret;
        Hash = CredentialHash.Of(secret);
        ShownPrefix = secret[..(PrefixOf(kind).Length + ShownBodyChars)];
    }

    /// <summary>What the secret is for.</summary>
    public CredentialKind Kind { get; }

    /// <summary>What is stored instead of the secret.</summary>
    public CredentialHash Hash { get; }

    /// <summary>The beginning of the secret, for people to recognise it by; it leaves more than 220 bits unknown.</summary>
    public string ShownPrefix { get; }

    /// <summary>Makes a new secret of a kind.</summary>
    public static Credential Create(CredentialKind kind, ISecretSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Span<byte> random = stackalloc byte[RandomBytes];
        source.Fill(random);
        var prefix = PrefixOf(kind);
        Span<char> text = stackalloc char[LengthOf(prefix)];
        prefix.CopyTo(text);
        Base62.Write(random, text.Slice(prefix.Length, BodyChars));
        WriteChecksum(text[..^ChecksumChars], text[^ChecksumChars..]);
        return new Credential(kind, text.ToString());
    }

    /// <summary>Reads a secret that somebody typed or configured; says what is wrong if it cannot be one.</summary>
    /// <param name="text">The whole secret, without spaces around it.</param>
    /// <param name="credential">The secret, if the answer is <see cref="CredentialFault.None"/>.</param>
    public static CredentialFault Read(string? text, out Credential? credential)
    {
        var fault = Check(text, out var kind);
        credential = fault == CredentialFault.None ? new Credential(kind, text!) : null;
        return fault;
    }

    /// <summary>Whether a text can be a secret at all: kind, length, alphabet and checksum, in this order.</summary>
    public static CredentialFault Check(ReadOnlySpan<char> text, out CredentialKind kind)
    {
        kind = default;
        var prefix = FindPrefix(text, out var found);
        if (prefix is null)
            return CredentialFault.Prefix;
        if (text.Length != LengthOf(prefix))
            return CredentialFault.Length;
        if (!Base62.IsAll(text[prefix.Length..]))
            return CredentialFault.Alphabet;
        Span<char> checksum = stackalloc char[ChecksumChars];
        WriteChecksum(text[..^ChecksumChars], checksum);
        if (!text[^ChecksumChars..].SequenceEqual(checksum))
            return CredentialFault.Checksum;
        kind = found;
        return CredentialFault.None;
    }

    /// <summary>The secret itself. The caller shows it once and keeps no copy.</summary>
    public string Reveal() => _secret;

    /// <summary>Never the secret: only its beginning, so that a message cannot leak it by accident.</summary>
    public override string ToString() => ShownPrefix + "…";

    /// <summary>What texts of a kind begin with.</summary>
    public static string PrefixOf(CredentialKind kind)
    {
        foreach (var (candidate, prefix) in Prefixes)
        {
            if (candidate == kind)
                return prefix;
        }

        throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of credential.");
    }

    private static string? FindPrefix(ReadOnlySpan<char> text, out CredentialKind kind)
    {
        foreach (var (candidate, prefix) in Prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                kind = candidate;
                return prefix;
            }
        }

        kind = default;
        return null;
    }

    private static int LengthOf(string prefix) => prefix.Length + BodyChars + ChecksumChars;

    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> checksum) =>
        Base62.Write(Crc32.Of(text), checksum);
}
