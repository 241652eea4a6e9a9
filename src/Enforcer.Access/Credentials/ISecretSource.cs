namespace Enforcer.Access;

/// <summary>Where randomness comes from, so that tests can repeat it. Production uses <see cref="SystemSecretSource"/>.</summary>
public interface ISecretSource
{
    /// <summary>Fills the whole of <paramref name="bytes"/> with bits that nobody can predict.</summary>
    void Fill(Span<byte> bytes);
}
