namespace Enforcer.Access.Tests;

/// <summary>The same "random" bytes in every run, so that a failure repeats.</summary>
internal sealed class SeededSecrets(int seed) : ISecretSource
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public void Fill(Span<byte> bytes)
    {
        lock (_lock)
            _random.NextBytes(bytes);
    }
}
