namespace Enforcer.Access;

/// <summary>
/// A directory that lives as long as the process: for tests and for trying things out. It keeps every promise of
/// <see cref="IDirectory"/> but durability.
/// </summary>
public sealed class MemoryDirectory : IDirectory
{
    /// <summary>An empty directory.</summary>
    public MemoryDirectory(DirectoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // One lock for all: a change and its line in the audit trail are one step.
        var one = new Lock();
        var accounts = new MemoryAccounts(one);
        var audit = new MemoryAuditTrail(one, options.AuditLinesPerKind);
        Accounts = accounts;
        Audit = audit;
        Keys = new MemoryKeys(one, accounts, audit);
        Tokens = new MemoryTokens(one, audit);
        Prices = new MemoryPrices(one);
    }

    /// <inheritdoc/>
    public IAccountDirectory Accounts { get; }

    /// <inheritdoc/>
    public IKeyDirectory Keys { get; }

    /// <inheritdoc/>
    public ITokenDirectory Tokens { get; }

    /// <inheritdoc/>
    public IPriceDirectory Prices { get; }

    /// <inheritdoc/>
    public IAuditTrail Audit { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
