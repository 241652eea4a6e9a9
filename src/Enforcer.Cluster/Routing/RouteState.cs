namespace Enforcer.Cluster;

/// <summary>What a route knows of its account's owner.</summary>
internal enum RouteState : byte
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>Commands go to the owner at once.</summary>
    Sending,

    /// <summary>The owner was another one: commands are kept until all that are under way have come back, and then go to the new one in order.</summary>
    Gathering,

    /// <summary>Nobody can be asked at present; it is tried again soon.</summary>
    Waiting,

    /// <summary>Forgotten; whoever holds it must ask for another.</summary>
    Gone,
}
