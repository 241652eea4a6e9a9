using Enforcer.Host;
using Microsoft.Extensions.Logging;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>What the sessions of all peers share.</summary>
internal sealed class PeerPorts(ClusterEngine engine, IAccountEngine served, ICallMessages calls, IOwnership ownership, TimeProvider clock, ILogger log)
{
    private const int KeptTargets = 64 * 1024;
    private const int MostActive = 100_000;
    private readonly AccountTarget?[] _targets = new AccountTarget?[KeptTargets];

    public ClusterEngine Engine { get; } = engine;

    /// <summary>What peers' commands are handed to: the accounts of this node.</summary>
    public IAccountEngine Served { get; } = served;

    /// <summary>Reads what commands say of their calls.</summary>
    public ICallMessages Calls { get; } = calls;

    public ILogger Log { get; } = log;

    public long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The account with this number; those asked for last are kept, because the host notes in them where it found them.</summary>
    public AccountTarget TargetOf(long account)
    {
        ref var place = ref _targets[account & (KeptTargets - 1)];
        if (Volatile.Read(ref place) is { } target && target.Number == account) return target;
        target = new AccountTarget(account, "");
        Volatile.Write(ref place, target);
        return target;
    }

    /// <summary>Answers a question about this node's accounts.</summary>
    public async Task<V1.NodeAnswer> AnswerAsync(V1.NodeQuestion question)
    {
        var answer = new V1.NodeAnswer();
        switch (question.Kind)
        {
            case V1.NodeQuestionKind.ReadAccount:
                answer.Reading = ReadingMessages.Of(await Engine.ReadHereAsync(question.Account, CancellationToken.None).ConfigureAwait(false));
                return answer;
            case V1.NodeQuestionKind.ReadTail:
                var tail = await Engine.ReadTailHereAsync(question.Account, CancellationToken.None).ConfigureAwait(false);
                answer.Tail = new V1.NodeTail { Seq = tail.Seq, Batch = tail.LastBatch, Crc = tail.Crc };
                return answer;
            case V1.NodeQuestionKind.ReadActive:
                await foreach (var account in Engine.Local.ReadActiveAsync().Take(MostActive).ConfigureAwait(false)) answer.Accounts.Add(account);
                return answer;
            case V1.NodeQuestionKind.TakeAccounts:
                foreach (var (account, epoch) in await ownership.TakeAsync(
                    question.Node, question.Accounts, question.Revocations, question.CoveredThrough, CancellationToken.None).ConfigureAwait(false))
                {
                    answer.Accounts.Add(account);
                    answer.Epochs.Add(epoch);
                }
                return answer;
            default:
                throw new NotSupportedException($"This node's version knows no question {(int)question.Kind}; upgrade it.");
        }
    }
}
