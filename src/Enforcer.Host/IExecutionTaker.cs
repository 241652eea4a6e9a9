using Enforcer.Ledger.Commands;

namespace Enforcer.Host;

/// <summary>
/// Whoever hands in many commands and takes what becomes of those that are decided elsewhere: without a task for each of them, and in whichever order
/// that comes.
/// </summary>
public interface IExecutionTaker
{
    /// <summary>
    /// What became of a command, once for each that is <see cref="Execution.IsTakenLater"/>; called from any thread, also before the command was handed in
    /// altogether, and never within another call. It is decided, and must not block.
    /// </summary>
    /// <param name="number">As it was handed in with.</param>
    /// <param name="target">Its account.</param>
    /// <param name="command">The command.</param>
    /// <param name="execution">What became of it; whatever failed is <see cref="Ledger.Refusal.Unavailable"/>.</param>
    void Take(ulong number, AccountTarget target, in Command command, in Execution execution);
}
