using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal.Committing;
using Enforcer.Ledger;
using Enforcer.Server.Options;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace Enforcer.Server.Nodes;

/// <summary>What a server gives to whoever makes it part of a cluster: its own half, open.</summary>
public sealed record ClusterParts
{
    /// <summary>The server's settings.</summary>
    public required EnforcerServerOptions Options { get; init; }

    /// <summary>The database, and this node's name in it.</summary>
    public required PostgresOptions Postgres { get; init; }

    /// <summary>The accounts in this process.</summary>
    public required AccountHost Host { get; init; }

    /// <summary>What commands that come from other nodes are handed to: those accounts, behind what prices calls.</summary>
    public required IAccountEngine Served { get; init; }

    /// <summary>How what commands say of their calls travels between nodes.</summary>
    public required ICallMessages Calls { get; init; }

    /// <summary>Where their heads are written.</summary>
    public required JournalHeads Heads { get; init; }

    /// <summary>The node's part of the journal.</summary>
    public required PostgresJournalStore Store { get; init; }

    /// <summary>The ledger's settings.</summary>
    public required LedgerOptions Ledger { get; init; }

    /// <summary>Whether whoever presents this <c>authorization</c> may operate the server.</summary>
    public required Func<string?, CancellationToken, ValueTask<bool>> IsOperator { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where to write logs.</summary>
    public required ILoggerFactory Logs { get; init; }
}
