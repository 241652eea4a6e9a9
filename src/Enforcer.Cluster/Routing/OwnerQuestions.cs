using Enforcer.Journal;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>Asks accounts' owners what is no command: follows an account from node to node until its owner answers, or time is over.</summary>
internal sealed class OwnerQuestions(Router router, Membership membership, PeerLinks links, TimeProvider clock, WorkPool work)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads something of an account where it is.</summary>
    /// <param name="account">The account.</param>
    /// <param name="local">Reads it here; throws <see cref="JournalElsewhereException"/> if it is elsewhere.</param>
    /// <param name="kind">What another node is asked.</param>
    /// <param name="read">Makes the result of its answer.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="JournalUnavailableException">No owner answered in time.</exception>
    public async Task<T> AskOwnerAsync<T>(
        long account, Func<CancellationToken, Task<T>> local, V1.NodeQuestionKind kind, Func<V1.NodeAnswer, T> read, CancellationToken cancel)
    {
        var deadline = router.DeadlineOf(0, long.MaxValue);
        string? believed = null;
        var wasAskedHere = false;
        do
        {
            var place = router.PlaceOf(account, believed);
            if (place is not null && place != membership.Node && links.IsCutOff(place))
            {
                // It may have lost the account meanwhile: here the journal says whose it is.
                if (wasAskedHere) throw new JournalUnavailableException($"Node {place}, which has account {account}, cannot be reached from node {membership.Node}; ask another node.");
                (place, wasAskedHere) = (membership.Node, true);
            }
            try
            {
                if (place == membership.Node) return await local(cancel).ConfigureAwait(false);
                if (place is not null && await TryAskAsync(place, new V1.NodeQuestion { Kind = kind, Account = account }, deadline, cancel).ConfigureAwait(false) is { } answer)
                {
                    if (answer.Kind == V1.NodeAnswerKind.Answered) return read(answer);
                    if (answer.Kind == V1.NodeAnswerKind.Unknown) throw new JournalUnavailableException($"Node {place} cannot say: {answer.Problem}");
                    believed = answer.Node;
                    continue;
                }
            }
            catch (JournalElsewhereException elsewhere)
            {
                believed = elsewhere.Node;
                if (believed != place) continue;
            }
            await Task.Delay(Pause, clock, cancel).ConfigureAwait(false);
        }
        while (clock.GetTimestamp() < deadline);
        throw new JournalUnavailableException($"The owner of account {account} does not answer; ask again.");
    }

    /// <summary>False if the node lives and cannot be reached from here.</summary>
    public bool CanReach(string node) => !links.IsCutOff(node);

    /// <summary>Asks one node; null if it cannot be reached, after which nobody knows whether it did what it was asked.</summary>
    public async Task<V1.NodeAnswer?> TryAskAsync(string node, V1.NodeQuestion question, long deadline, CancellationToken cancel)
    {
        if (links.Find(node) is not { } link) return null;
        var request = new PeerQuestion(question, deadline, work);
        if (!link.TrySend(request)) return null;
        try
        {
            return await request.Answer.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (PeerLostException)
        {
            return null;
        }
    }
}
