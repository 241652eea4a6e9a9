using Enforcer.Host;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Refusals;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>
/// The answers to those commands of a batch that other nodes decide. They join the batch, so that what came together is answered together: else the
/// client's next commands come in pieces, and the pieces' answers in smaller ones.
/// </summary>
internal sealed class LateAnswers(RefusalTrace refusals, AnswerQueue answers, TimeProvider clock) : IExecutionTaker
{
    /// <summary>What they join; null before it waits for them, and after it has left, with all of them or without. Guarded by the queue.</summary>
    public AnswerBatch? Batch { get; set; }

    /// <summary>How many have not come yet; below 0 for those that came before they were counted. Guarded by the queue.</summary>
    public int Missing { get; set; }

    /// <summary>The timestamp after which they are not waited for. Guarded by the queue.</summary>
    public long Until { get; set; }

    public void Take(ulong number, AccountTarget target, in Command command, in Execution execution)
    {
        if (!execution.Outcome.IsGranted) refusals.Note(AskedOperation.Of(command), clock.GetUtcNow().ToUnixTimeMilliseconds(), target.Id, execution.Outcome);
        answers.Put(this, number, command.Kind, execution.Outcome, execution.Ticket, target.Id);
    }
}
