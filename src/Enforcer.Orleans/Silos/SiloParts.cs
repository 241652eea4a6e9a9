using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal.Committing;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres;

namespace Enforcer.Orleans;

/// <summary>What a silo is put together from: a node's own half, its journal open.</summary>
public sealed record SiloParts
{
    /// <summary>The silo's name, which the journal was opened with as its owner: of each process another one (<see cref="OrleansSilo.NewName"/>).</summary>
    public required string Name { get; init; }

    /// <summary>The accounts in this process.</summary>
    public required AccountHost Host { get; init; }

    /// <summary>What commands that come from other silos are handed to: those accounts, behind what prices calls.</summary>
    public required IAccountEngine Served { get; init; }

    /// <summary>How what commands say of their calls travels between silos.</summary>
    public required ICallMessages Calls { get; init; }

    /// <summary>What has changed among them: the observer that their host has.</summary>
    public required ChangedAccounts Changed { get; init; }

    /// <summary>Where their heads are written.</summary>
    public required JournalHeads Heads { get; init; }

    /// <summary>The node's part of the journal.</summary>
    public required PostgresJournalStore Store { get; init; }

    /// <summary>The ledger's settings.</summary>
    public required LedgerOptions Ledger { get; init; }

    /// <summary>Whether whoever presents this <c>authorization</c> may see the dashboard; nobody, unless somebody says who.</summary>
    public Func<string?, CancellationToken, ValueTask<bool>> IsOperator { get; init; } = static (_, _) => ValueTask.FromResult(false);
}
