using System.Security.Cryptography;
using System.Text;

namespace Enforcer.Cluster;

/// <summary>
/// What all nodes of a cluster know and nobody else. It never travels: a node that calls another shows a proof that is good for that one only.
/// </summary>
public sealed class PeerSecret
{
    /// <summary>The fewest bytes of a secret.</summary>
    public const int LeastBytes = 16;

    private readonly byte[] _secret;

    /// <summary>A secret of these bytes.</summary>
    /// <exception cref="ArgumentException">They are too few.</exception>
    public PeerSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < LeastBytes) throw new ArgumentException($"The cluster's secret has {secret.Length} bytes; give at least {LeastBytes}, random ones.", nameof(secret));
        _secret = secret.ToArray();
    }

    /// <summary>What a caller shows to a node.</summary>
    public string ProofFor(string node) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes("enforcer peer " + node)));

    /// <summary>True if whoever calls the node knows the secret. How long it takes says nothing about how wrong a proof is.</summary>
    public bool IsProof(string? shown, string node) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(shown ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(ProofFor(node))));
}
