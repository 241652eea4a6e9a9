using System.Security.Cryptography;

namespace Enforcer.Access;

/// <summary>The operating system's cryptographic randomness.</summary>
public sealed class SystemSecretSource : ISecretSource
{
    /// <summary>The one instance; it has no state.</summary>
    public static SystemSecretSource Instance { get; } = new();

    private SystemSecretSource()
    {
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
