namespace Enforcer.Simulation.Faults;

/// <summary>What can go wrong in a world.</summary>
internal enum FaultKind
{
    MessageLost,
    MessageDoubled,
    MessageOvertaken,
    MessageDelayed,
    ConnectionBroken,
    ConnectionSilent,
    CutOneWay,
    CutBothWays,
    DatabaseDown,
    DatabaseFull,
    DatabaseSlow,
    DatabaseCrashed,
    StatementLost,
    CommitReplyLost,
    StatementLate,
    NodeKilled,
    NodeDiedAtStatement,
    NodeDiedAtWork,
    NodeFrozen,
    NodeGone,
    NodeWokenReplaced,
    ClockJumped,
    NodeDrained,
    AccountsTaken,
    NodeReplaced,
    CallerGaveUp,
}
