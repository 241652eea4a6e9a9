namespace Enforcer.Access.Tests;

/// <summary>Counts how often keys are looked up by hash, and fails on request.</summary>
internal sealed class CountingKeys(IKeyDirectory inner) : ForwardingKeys(inner)
{
    private readonly Dictionary<CredentialHash, int> _finds = [];

    public int Failures { get; set; }

    public int Finds => _finds.Values.Sum();

    public int FindsOf(CredentialHash hash) => _finds.GetValueOrDefault(hash);

    public override ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation)
    {
        if (Failures-- > 0)
            throw new DirectoryException("The disk is gone.");
        _finds[hash] = FindsOf(hash) + 1;
        return base.FindAsync(hash, cancellation);
    }
}
