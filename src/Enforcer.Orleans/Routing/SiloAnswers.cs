using Enforcer.Cluster;
using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>Hands what other silos ask to the accounts in this one's memory. It brings none there: that is for their grains.</summary>
internal sealed class SiloAnswers(OwnedAccounts accounts)
{
    /// <summary>Answers an <c>enforcer.v1.PeerRequests</c> with an <c>enforcer.v1.PeerAnswers</c>.</summary>
    public ValueTask<byte[]> AnswerAsync(byte[] requests)
    {
        // All are started before any is waited for: so they are decided in the order in which they came.
        var asked = new List<Asked>();
        var reader = new WireReader(requests, GrpcStatus.InvalidArgument);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case PeerFields.CommandsTag: asked.Add(Start(reader.ReadBytes())); break;
                case PeerFields.QuestionsTag: asked.Add(Start(V1.NodeQuestion.Parser.ParseFrom(reader.ReadBytes()))); break;
                default: reader.Skip(tag); break;
            }
        }
        return AnswerAsync(asked);
    }

    private Asked Start(ReadOnlySpan<byte> bytes)
    {
        var command = CommandCodec.Read(bytes, out var number, out var account, out var timeoutMs, accounts.Calls);
        try
        {
            if (accounts.Host.StayOf(account) is not { } stay) return new Asked(number, account, new Execution(Task.FromException<Execution>(OwnedAccounts.NotHere(account))), null);
            var nowMs = accounts.NowMs;
            var execution = accounts.Served.Start(new AccountTarget(account, ""), command, nowMs, timeoutMs == 0 ? long.MaxValue : nowMs + timeoutMs);
            return new Asked(number, account, execution.Pending is null && execution.Outcome.IsGranted ? execution : new Execution(accounts.TellableAsync(account, stay, execution)), null);
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or LedgerException or OverflowException)
        {
            return new Asked(number, account, new Execution(Task.FromException<Execution>(failure)), null);
        }
    }

    private Asked Start(V1.NodeQuestion question) => new(question.Number, question.Account, default, ReadAsync(question));

    private async ValueTask<byte[]> AnswerAsync(List<Asked> asked)
    {
        var frame = new FrameBuffer();
        foreach (var one in asked)
        {
            try
            {
                var execution = one.Execution;
                if (one.Answer is { } answering)
                {
                    var answer = await answering.ConfigureAwait(false);
                    answer.Number = one.Number;
                    frame.Write(PeerFields.Answers, answer);
                    continue;
                }
                if (execution.Pending is { } pending) execution = await pending.ConfigureAwait(false);
                await accounts.Host.WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
                OutcomeCodec.Write(frame, PeerFields.Outcomes, one.Number, execution.Outcome);
            }
#pragma warning disable CA1031 // Whatever went wrong, each request gets an answer.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                frame.Write(PeerFields.Answers, Of(one.Number, failure));
            }
        }
        return frame.Written.ToArray();
    }

    private async Task<V1.NodeAnswer> ReadAsync(V1.NodeQuestion question)
    {
        var answer = new V1.NodeAnswer { Kind = V1.NodeAnswerKind.Answered };
        switch (question.Kind)
        {
            case V1.NodeQuestionKind.ReadAccount:
                answer.Reading = ReadingMessages.Of(await accounts.ReadAsync(question.Account, CancellationToken.None).ConfigureAwait(false));
                return answer;
            case V1.NodeQuestionKind.ReadTail:
                var tail = await accounts.ReadTailAsync(question.Account, CancellationToken.None).ConfigureAwait(false);
                answer.Tail = new V1.NodeTail { Seq = tail.Seq, Batch = tail.LastBatch, Crc = tail.Crc };
                return answer;
            default:
                throw new NotSupportedException($"This silo's version knows no question {(int)question.Kind}; upgrade it.");
        }
    }

    private static V1.NodeAnswer Of(ulong number, Exception failure) => failure switch
    {
        JournalElsewhereException elsewhere => new V1.NodeAnswer { Number = number, Kind = V1.NodeAnswerKind.NotMine, Node = elsewhere.Node, Epoch = elsewhere.Epoch },
        // This node was replaced and owns nothing any more, whatever is still in its memory: the account's grain has to find out, and to go elsewhere.
        JournalFencedException => new V1.NodeAnswer { Number = number, Kind = V1.NodeAnswerKind.NotMine },
        _ => new V1.NodeAnswer { Number = number, Kind = V1.NodeAnswerKind.Unknown, Problem = failure.Message },
    };

    private readonly record struct Asked(ulong Number, long Account, Execution Execution, Task<V1.NodeAnswer>? Answer);
}
