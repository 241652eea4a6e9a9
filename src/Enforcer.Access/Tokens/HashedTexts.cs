using System.Runtime.CompilerServices;

namespace Enforcer.Access;

/// <summary>
/// The hashes of the very same string objects that were presented before: a connection that sends one header again and again is given
/// the same string for it each time. Texts are never compared, only references, so this tells nobody anything about a secret; whether
/// the credential is still in force is asked of the cache every time.
/// </summary>
internal sealed class HashedTexts
{
    /// <summary>Two kibi: a few dozen connections with as many calls at once each.</summary>
    private const int Places = 2_048;

    private readonly Hashed?[] _places = new Hashed?[Places];

    /// <summary>Finds the hash of this very object.</summary>
    public bool TryGet(string text, out CredentialHash hash)
    {
        var known = Volatile.Read(ref _places[PlaceOf(text)]);
        var isKnown = known is not null && ReferenceEquals(known.Text, text);
        hash = isKnown ? known!.Hash : default;
        return isKnown;
    }

    /// <summary>Remembers a hash in the place of another.</summary>
    public CredentialHash Keep(string text, in CredentialHash hash)
    {
        Volatile.Write(ref _places[PlaceOf(text)], new Hashed(text, hash));
        return hash;
    }

    private static int PlaceOf(string text) => RuntimeHelpers.GetHashCode(text) & (Places - 1);

    private sealed class Hashed(string text, CredentialHash hash)
    {
        public readonly string Text = text;
        public readonly CredentialHash Hash = hash;
    }
}
