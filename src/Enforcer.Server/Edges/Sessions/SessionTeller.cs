using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Server.Observability;
using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>
/// The telling half of a session: takes batches of answers in order, waits until each is durable, and writes it. What is
/// durable already leaves together, before it waits for what is not.
/// </summary>
internal sealed class SessionTeller(SessionPorts ports, AnswerQueue answers, GrpcStreamWriter<V1.OutcomeBatch> writer)
{
    /// <summary>Runs until the queue has ended; fails if the client can no longer be told.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await answers.WaitToTakeAsync().ConfigureAwait(false))
            {
                while (answers.TryTake(out var batch)) await TellAsync(batch).ConfigureAwait(false);
                await writer.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            answers.Fail(failure);
            throw;
        }
    }

    /// <summary>Tells the answer to a command that waits for its account or its history, when it comes.</summary>
    public async Task TellLaterAsync(ulong number, AskedOperation asked, AccountTarget target, Task<Execution> pending)
    {
        answers.Promise();
        var outcome = Outcome.Refuse(Refusal.Unavailable, 0);
        var ticket = default(AppendTicket);
        try
        {
            var execution = await pending.ConfigureAwait(false);
            (outcome, ticket) = (execution.Outcome, execution.Ticket);
        }
#pragma warning disable CA1031 // Whatever went wrong, each command gets an answer: that nobody knows.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        if (!outcome.IsGranted) ports.Refusals.Note(asked, ports.NowMs, target.Id, outcome);
        answers.Put(number, asked.Kind, outcome, ticket, target.Id);
    }

    private async ValueTask TellAsync(AnswerBatch batch)
    {
        var durable = ports.Host.WhenDurableAsync(batch.Ticket);
        if (!durable.IsCompletedSuccessfully)
        {
            await writer.FlushAsync().ConfigureAwait(false);
            try
            {
                await durable.ConfigureAwait(false);
            }
            catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
            {
                batch.TurnIntoUnavailable();
            }
        }
        batch.WriteTo(writer, ports.Tally);
        if (batch.ReadAt != 0) ports.Times.Record(CallTimes.SessionBatch, batch.ReadAt);
        answers.Return(batch);
    }
}
