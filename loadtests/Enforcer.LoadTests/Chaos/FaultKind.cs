namespace Enforcer.LoadTests.Chaos;

/// <summary>What is done to a cluster.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a node; it is started again at once or after its replacement.</summary>
    KillNode,

    /// <summary>SIGSTOP of a node until well after its replacement, then SIGCONT: it wakes up and believes that it owns its accounts.</summary>
    Zombie,

    /// <summary>SIGSTOP of a node for less than it takes to be replaced.</summary>
    PauseNode,

    /// <summary>Immediate shutdown or kill -9 of PostgreSQL, and a new start, which recovers from its log.</summary>
    KillDatabase,

    /// <summary>SIGSTOP of all of PostgreSQL's processes: a disk or machine that hangs.</summary>
    FreezeDatabase,

    /// <summary>PostgreSQL's disk is full: files cannot grow, and its log gets no new pieces.</summary>
    FullDisk,

    /// <summary>Each flush of PostgreSQL's log takes tens of milliseconds longer (its own commit_delay, for every commit).</summary>
    SlowDisk,

    /// <summary>A node and another one: nothing gets through, or nothing one way, or connections are reset.</summary>
    CutNodes,

    /// <summary>The same between a node and PostgreSQL.</summary>
    CutDatabase,

    /// <summary>Each packet between a node and PostgreSQL takes longer.</summary>
    SlowNetwork,

    /// <summary>The same as a cut between nodes, between clients and a node.</summary>
    CutClients,
}
