using Enforcer.Journal;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>What a node stands on.</summary>
internal sealed record ClusterPorts(IJournalStore Store, IOwnership Ownership, IMembers Members, IPeerNetwork Network);
