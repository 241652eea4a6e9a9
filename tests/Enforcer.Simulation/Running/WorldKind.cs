namespace Enforcer.Simulation.Running;

/// <summary>Kinds of worlds, in which different things can go wrong.</summary>
internal enum WorldKind
{
    /// <summary>One node, alone.</summary>
    OneNode,

    /// <summary>Several nodes that know nothing of each other: the journal decides who owns what.</summary>
    JournalOnly,

    /// <summary>Several nodes that route, replace each other and hand over.</summary>
    Cluster,
}
