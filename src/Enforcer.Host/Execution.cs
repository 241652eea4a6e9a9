using Enforcer.Journal;
using Enforcer.Ledger;

namespace Enforcer.Host;

/// <summary>
/// What became of a command that was handed in: decided, or waiting. No outcome may be told before
/// <see cref="AccountHost.WhenDurableAsync"/> of its ticket has completed, refusals included: a refusal stands on entries
/// too.
/// </summary>
public readonly struct Execution
{
    /// <summary>Decided; the ticket must be durable before the outcome is told.</summary>
    public Execution(in Outcome outcome, AppendTicket ticket)
    {
        Outcome = outcome;
        Ticket = ticket;
    }

    /// <summary>Not decided yet.</summary>
    public Execution(Task<Execution> pending) => Pending = pending;

    private Execution(bool isTakenLater) => IsTakenLater = isTakenLater;

    /// <summary>Not decided yet; whoever handed the command in will be told (<see cref="IExecutionTaker"/>).</summary>
    public static Execution TakenLater { get; } = new(isTakenLater: true);

    /// <summary>The answer, once the ticket is durable; meaningless while <see cref="Pending"/> is set.</summary>
    public Outcome Outcome { get; }

    /// <summary>What must be durable before the answer is told.</summary>
    public AppendTicket Ticket { get; }

    /// <summary>Null if decided; else completes when the account has been loaded or its history looked up.</summary>
    public Task<Execution>? Pending { get; }

    /// <summary>True if the outcome, which is not here, goes to the <see cref="IExecutionTaker"/> that was given with the command.</summary>
    public bool IsTakenLater { get; }
}
