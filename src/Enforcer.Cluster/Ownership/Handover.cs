using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Microsoft.Extensions.Logging;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>
/// Hands accounts of this node to another: they are let go, then the other takes them. Commands that come meanwhile wait, and go to the new owner.
/// </summary>
/// <remarks>
/// If the answer is lost, the other node may take them, or may do so much later. So before they are used here again, that is made impossible: the take
/// names the count of revocations that it was asked with, and the count is raised. Until that has happened they are used nowhere.
/// </remarks>
internal sealed class Handover(
    AccountHost host, JournalHeads heads, IOwnership ownership, OwnerQuestions questions, Router router, Membership membership, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>False if a node lives and cannot be reached from here: its share must wait, and goes on being used here.</summary>
    public bool CanReach(string node) => questions.CanReach(node);

    /// <summary>Hands accounts over; says how many went. Those that are busy at the moment stay.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be reached.</exception>
    /// <exception cref="JournalLostException">The journal lost what had been decided; try again.</exception>
    public async Task<int> MoveAsync(IReadOnlyCollection<long> accounts, string node, CancellationToken stopping)
    {
        var revocations = await ownership.ReadRevocationsAsync(stopping).ConfigureAwait(false);
        using var departure = await Departure.BeginAsync(host, heads, accounts, stopping).ConfigureAwait(false);
        if (departure.Accounts.Count == 0) return 0;
        var question = new V1.NodeQuestion
        {
            Kind = V1.NodeQuestionKind.TakeAccounts,
            Node = membership.Node,
            Revocations = revocations,
            // Their heads have just been written, those of others long ago: the other node need not read what came between.
            CoveredThrough = heads.CoveredThroughOf(departure.Accounts),
        };
        question.Accounts.AddRange(departure.Accounts);
        var problem = "it did not answer";
        try
        {
            var answer = await questions.TryAskAsync(node, question, router.DeadlineOf(0, long.MaxValue), stopping).ConfigureAwait(false);
            if (answer is { Kind: V1.NodeAnswerKind.Answered }) return await FinishAsync(departure, node, answer, stopping).ConfigureAwait(false);
            problem = answer?.Problem ?? problem;
        }
        catch (Exception error) when (error is JournalUnavailableException or OperationCanceledException)
        {
            problem = error.Message;
        }
        ClusterLog.NotHandedOver(log, node, problem);
        await RefuseTakesAsync(stopping).ConfigureAwait(false);
        return 0;
    }

    /// <summary>
    /// Those who wait are sent on. The journal is told before anybody is let in here: an account that came back before would be taken for lost, and so would
    /// what was done with it since.
    /// </summary>
    private async Task<int> FinishAsync(Departure departure, string node, V1.NodeAnswer answer, CancellationToken stopping)
    {
        var taken = answer.Accounts.ToArray();
        // A node of an older version does not say epochs; then the journal is asked for each account.
        if (answer.Epochs.Count == taken.Length) departure.SendOn(node, taken.Zip(answer.Epochs));
        await ownership.AcknowledgeAsync(taken, stopping).ConfigureAwait(false);
        heads.Remove(taken);
        return taken.Length;
    }

    private async Task RefuseTakesAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await ownership.RefuseTakesAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (JournalUnavailableException) when (!stopping.IsCancellationRequested)
            {
                await ClockWaits.TryAsync(clock, Pause, stopping).ConfigureAwait(false);
            }
        }
    }
}
