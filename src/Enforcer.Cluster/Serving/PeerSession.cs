using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>
/// Answers one peer: hands its commands to accounts of this node in the order of arrival. What belongs to another node is not passed on, but the peer told
/// whose it is, so that it learns; an account that nobody owns becomes this node's.
/// </summary>
internal sealed class PeerSession(PeerPorts ports, IPeerConnection connection)
{
    private readonly AnswerSender _answers = new(ports.Engine, connection);

    /// <summary>Runs until the peer ends the connection, or it breaks.</summary>
    public async Task RunAsync()
    {
        var sending = _answers.RunAsync();
        try
        {
            while (await connection.ReceiveAsync().ConfigureAwait(false) is { } frame)
            {
                Read(frame.Span);
                _answers.Flush();
            }
        }
        catch (Exception error) when (error is PeerLostException or GrpcStatusException or ArgumentException or JournalCorruptException)
        {
            ClusterLog.PeerFailed(ports.Log, error.Message);
        }
        _answers.End();
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (PeerLostException)
        {
            // The peer is gone; it will ask again, with the same operation ids.
        }
    }

    private void Read(ReadOnlySpan<byte> frame)
    {
        var reader = new WireReader(frame, GrpcStatus.InvalidArgument);
        var nowMs = ports.NowMs;
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case PeerFields.CommandsTag:
                    var command = CommandCodec.Read(reader.ReadBytes(), out var number, out var account, out var timeoutMs, ports.Calls);
                    Start(number, ports.TargetOf(account), command, nowMs, timeoutMs == 0 ? long.MaxValue : nowMs + timeoutMs);
                    break;
                case PeerFields.QuestionsTag:
                    var question = V1.NodeQuestion.Parser.ParseFrom(reader.ReadBytes());
                    _ = AnswerAsync(question);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
    }

    private void Start(ulong number, AccountTarget target, in Command command, long nowMs, long deadlineMs)
    {
        try
        {
            var execution = ports.Served.Start(target, command, nowMs, deadlineMs);
            if (execution.Pending is { } pending) _ = AnswerLaterAsync(number, pending);
            else _answers.Add(number, execution.Outcome, execution.Ticket);
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or LedgerException or OverflowException)
        {
            _answers.Add(number, Outcome.Refuse(Refusal.Unavailable, 0), default);
        }
    }

    private async Task AnswerLaterAsync(ulong number, Task<Execution> pending)
    {
        try
        {
            var execution = await pending.ConfigureAwait(false);
            _answers.Add(number, execution.Outcome, execution.Ticket);
            _answers.Flush();
        }
        catch (JournalElsewhereException elsewhere)
        {
            _answers.Tell(NotMine(number, elsewhere));
        }
#pragma warning disable CA1031 // Whatever went wrong, each command gets an answer: that nobody knows.
        catch (Exception)
#pragma warning restore CA1031
        {
            _answers.Add(number, Outcome.Refuse(Refusal.Unavailable, 0), default);
            _answers.Flush();
        }
    }

    private async Task AnswerAsync(V1.NodeQuestion question)
    {
        try
        {
            var answer = await ports.AnswerAsync(question).ConfigureAwait(false);
            answer.Number = question.Number;
            answer.Kind = V1.NodeAnswerKind.Answered;
            _answers.Tell(answer);
        }
        catch (JournalElsewhereException elsewhere)
        {
            _answers.Tell(NotMine(question.Number, elsewhere));
        }
#pragma warning disable CA1031 // Whatever went wrong, each question gets an answer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _answers.Tell(new V1.NodeAnswer { Number = question.Number, Kind = V1.NodeAnswerKind.Unknown, Problem = failure.Message });
        }
    }

    private static V1.NodeAnswer NotMine(ulong number, JournalElsewhereException elsewhere) =>
        new() { Number = number, Kind = V1.NodeAnswerKind.NotMine, Node = elsewhere.Node, Epoch = elsewhere.Epoch };
}
