namespace Enforcer.LoadTests.Traffic;

/// <summary>How a cycle ends after its reservation was granted.</summary>
internal enum Ending : byte
{
    /// <summary>One final commit of the cycle's real cost.</summary>
    Commit,

    /// <summary>One final commit of all that was granted.</summary>
    CommitGranted,

    /// <summary>The call was never made.</summary>
    Release,

    /// <summary>The edge never comes back: the reservation ends by time.</summary>
    Abandon,
}
