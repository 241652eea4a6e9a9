namespace Enforcer.Cluster;

/// <summary>
/// Where the commands of one account go, and those that wait to go there. Guarded by its own lock; the <see cref="Router"/> moves it on.
/// </summary>
internal sealed class Route(long account)
{
    /// <summary>The account's number.</summary>
    public long Account { get; } = account;

    public RouteState State { get; set; }

    /// <summary>The owner, or whoever is believed to be; null: ask where the account belongs.</summary>
    public string? Place { get; set; }

    /// <summary>Counts the account's owners, as far as they are known here.</summary>
    public long Epoch { get; set; }

    /// <summary>When the journal was last asked who the owner is, because the one that was believed in cannot be reached; null: never.</summary>
    public long? AskedAt { get; set; }

    /// <summary>Commands that were handed to somebody and have not come back.</summary>
    public int UnderWay { get; set; }

    /// <summary>Commands that wait.</summary>
    public List<RemoteCommand> Waiting { get; } = [];

    /// <summary>True if nothing would be lost by forgetting it.</summary>
    public bool IsIdle => UnderWay == 0 && Waiting.Count == 0;

    /// <summary>Routes are gone through in an order that does not depend on where they lie in memory.</summary>
    public override int GetHashCode() => Account.GetHashCode();
}
