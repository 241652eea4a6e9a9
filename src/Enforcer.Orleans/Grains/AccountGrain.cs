using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>
/// Where an account is: the grain claims it for its silo and passes on what it is asked to the same activation that other nodes have. It decides
/// nothing and keeps nothing.
/// </summary>
/// <remarks>
/// There may be two of them for a while, when silos do not see each other. Each claims the account when it is activated, and only the one that has it can
/// append; the other finds out with its next append, or before it tells anything, and ends itself.
/// </remarks>
[Reentrant]
[ResourceOptimizedPlacement]
internal sealed class AccountGrain(OwnedAccounts accounts, ILogger<AccountGrain> log) : Grain, IAccountGrain
{
    private AccountTarget _target = new(0, "");

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _target = new AccountTarget(this.GetPrimaryKeyLong(), "");
        await accounts.ClaimAsync(_target.Number, cancellationToken);
        // It lives as long as the account is in memory, however the commands come there.
        var idle = TimeSpan.FromMilliseconds(accounts.Host.Options.IdleMs);
        this.RegisterGrainTimer(EndIdleAsync, new GrainTimerCreationOptions { DueTime = idle, Period = idle, Interleave = true, KeepAlive = true });
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await accounts.LetGoAsync(_target.Number, cancellationToken);
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or JournalFencedException or OperationCanceledException)
        {
            // The next owner reads from the journal what the head does not contain.
            OrleansLog.NotLetGo(log, _target.Number, failure.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> AskAsync(byte[] request)
    {
        var asked = AccountRequest.Read(request);
        try
        {
            if (asked.Question is { } question) return AccountAnswer.Of(await AnswerAsync(question));
            var execution = accounts.Host.Start(_target, asked.Command, accounts.NowMs);
            return AccountAnswer.Of((await accounts.TellableAsync(_target.Number, execution)).Outcome);
        }
        catch (JournalElsewhereException elsewhere)
        {
            DeactivateOnIdle();
            return AccountAnswer.Of(new V1.NodeAnswer { Kind = V1.NodeAnswerKind.NotMine, Node = elsewhere.Node, Epoch = elsewhere.Epoch });
        }
        catch (JournalFencedException)
        {
            DeactivateOnIdle();
            throw;
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or LedgerException or OverflowException)
        {
            return AccountAnswer.Of(new V1.NodeAnswer { Kind = V1.NodeAnswerKind.Unknown, Problem = failure.Message });
        }
    }

    private async Task<V1.NodeAnswer> AnswerAsync(V1.NodeQuestion question)
    {
        var answer = new V1.NodeAnswer { Kind = V1.NodeAnswerKind.Answered };
        switch (question.Kind)
        {
            case V1.NodeQuestionKind.ReadAccount:
                answer.Reading = ReadingMessages.Of(await accounts.ReadAsync(_target.Number, CancellationToken.None));
                return answer;
            case V1.NodeQuestionKind.ReadTail:
                var tail = await accounts.ReadTailAsync(_target.Number, CancellationToken.None);
                answer.Tail = new V1.NodeTail { Seq = tail.Seq, Batch = tail.LastBatch, Crc = tail.Crc };
                return answer;
            default:
                return new V1.NodeAnswer { Kind = V1.NodeAnswerKind.Unknown, Problem = $"This silo's version knows no question {(int)question.Kind}; upgrade it." };
        }
    }

    private Task EndIdleAsync()
    {
        if (!accounts.Host.MayBeActive(_target.Number)) DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
