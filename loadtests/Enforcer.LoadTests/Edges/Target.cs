namespace Enforcer.LoadTests.Edges;

/// <summary>The server that is put under load.</summary>
/// <param name="Address">Its gRPC address; loopback only.</param>
/// <param name="HttpAddress">Where it answers <c>/readyz</c> and <c>/metrics</c>; null if not known.</param>
/// <param name="Token">An operator's or admin's token: accounts are made with it, too.</param>
/// <param name="ProcessId">Its process, or 0 if this tool did not start it.</param>
internal sealed record Target(Uri Address, Uri? HttpAddress, string Token, int ProcessId)
{
    /// <summary>Further nodes of the same cluster: edges go to the next when one fails.</summary>
    public IReadOnlyList<Uri> Others { get; init; } = [];

    /// <summary>The further nodes' processes.</summary>
    public IReadOnlyList<int> OtherProcessIds { get; init; } = [];

    /// <summary>The PostgreSQL's process, where its CPU time counts; 0 otherwise.</summary>
    public int DatabaseProcessId { get; init; }

    public IReadOnlyList<Uri> Addresses => [Address, .. Others];
}
