using System.Buffers;
using System.Text;
using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Edges.Wire;
using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>
/// One <c>Session</c>: reads commands and hands each to its account in the order of arrival, while <see cref="SessionTeller"/>
/// waits for the disk and tells. Reading never waits for the disk, only for room: commands in flight are bounded.
/// </summary>
/// <remarks>
/// A malformed command that can be told apart is answered with INVALID; bytes that are no protobuf end the session with
/// INVALID_ARGUMENT, after all earlier commands have been answered. The connection goes on either way.
/// </remarks>
internal sealed class EdgeSession
{
    /// <summary>Their state is to fit into a core's own cache.</summary>
    private const int MaxAhead = 128;

    private readonly SessionPorts _ports;
    private readonly GrpcStreamReader<V1.CommandBatch> _requests;
    private readonly GrpcCall _call;
    private readonly AnswerQueue _answers;
    private readonly SessionTeller _teller;
    private readonly OutboundCommands _outbound = new();
    private readonly AccountTarget[] _ahead = new AccountTarget[MaxAhead];
    private AnswerBatch _batch;
    private LateAnswers _late;
    private AccountQuestion? _question;
    private long _readAt;
    private int _warmTo;

    public EdgeSession(
        SessionPorts ports, GrpcStreamReader<V1.CommandBatch> requests, GrpcStreamWriter<V1.OutcomeBatch> answers, GrpcCall call)
    {
        _ports = ports;
        _requests = requests;
        _call = call;
        _answers = new AnswerQueue(ports.MaxInFlight, ports.Clock);
        _late = NewLate();
        _teller = new SessionTeller(ports, _answers, answers);
        _batch = _answers.Rent();
    }

    /// <summary>Runs until the client has ended its side and every command is answered, or the session breaks.</summary>
    public async Task RunAsync()
    {
        var telling = _teller.RunAsync();
        try
        {
            await ReadAllAsync().ConfigureAwait(false);
        }
        finally
        {
            HandOver();
            _answers.End();
            await telling.ConfigureAwait(false);
        }
    }

    private async Task ReadAllAsync()
    {
        while (await _requests.WaitToReadAsync().ConfigureAwait(false))
        {
            await AuthenticateAsync().ConfigureAwait(false);
            var nowMs = _ports.NowMs;
            _readAt = _ports.Times.Now();
            while (_requests.TryReadFrame(out var payload)) await ReadFrameAsync(payload, nowMs).ConfigureAwait(false);
            HandOver();
            await _answers.WhenRoomAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A token may be revoked while its session is open.</summary>
    private async ValueTask AuthenticateAsync()
    {
        try
        {
            _ = await _ports.Tokens.AuthenticateAsync(_call.Header("authorization"), _call.CancellationToken).ConfigureAwait(false)
                ?? throw Faults.Unauthenticated(Authenticator.Unauthenticated);
        }
        catch (DirectoryException)
        {
            throw Faults.Unavailable();
        }
    }

    private ValueTask ReadFrameAsync(in ReadOnlySequence<byte> payload, long nowMs)
    {
        _warmTo = 0;
        if (!payload.IsSingleSegment) return ReadCopiedFrameAsync(payload, nowMs);
        var offset = 0;
        return Read(payload.First.Span, ref offset, nowMs) ? default : ReadRestAsync(payload.First, offset, nowMs);
    }

    private async ValueTask ReadCopiedFrameAsync(ReadOnlySequence<byte> payload, long nowMs)
    {
        var length = (int)payload.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            payload.CopyTo(copy);
            await ReadRestAsync(copy.AsMemory(0, length), 0, nowMs).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private async ValueTask ReadRestAsync(ReadOnlyMemory<byte> frame, int offset, long nowMs)
    {
        while (true)
        {
            // Asked before anything is read on: the command that was stopped takes the question for answered.
            if (_question is { } question)
            {
                _outbound.Flush();
                await question.AnswerAsync(_ports.Accounts, _call.CancellationToken).ConfigureAwait(false);
            }
            if (Read(frame.Span, ref offset, nowMs)) return;
            if (!_batch.IsFull) continue;
            HandOver();
            await _answers.WhenRoomAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Starts the frame's commands from an offset. False: it has stopped before the command at <paramref name="offset"/>, because
    /// the batch of answers is full or the command's account must be asked for.
    /// </summary>
    private bool Read(ReadOnlySpan<byte> frame, ref int offset, long nowMs)
    {
        var reader = new CommandBatchReader(frame[offset..]);
        var start = offset;
        var command = default(WireCommand);
        while (true)
        {
            if (offset >= _warmTo) _warmTo = WarmUp(frame, offset);
            if (!reader.TryRead(ref command)) return true;
            if (_batch.IsFull || !TryStart(command, nowMs)) return false;
            offset = start + reader.Offset;
        }
    }

    /// <summary>
    /// Looks ahead at the accounts of the next commands of a frame; answers how far it looked. With many accounts, waiting for memory is most of a
    /// command's cost.
    /// </summary>
    private int WarmUp(ReadOnlySpan<byte> frame, int offset)
    {
        try
        {
            var reader = new CommandBatchReader(frame[offset..], isLookAhead: true);
            var command = default(WireCommand);
            var count = 0;
            while (count < MaxAhead && reader.TryRead(ref command))
            {
                if (command.AccountBy == AccountNaming.Id && _ports.Accounts.TryFind(command.Account, out var target)) _ahead[count++] = target;
            }
            AccountHost.Warm(_ahead.AsSpan(0, count));
            return count < MaxAhead ? frame.Length : offset + reader.Offset;
        }
        catch (GrpcStatusException)
        {
            // A malformed frame. It is told when its place is reached, after the commands before it.
            return frame.Length;
        }
    }

    private bool TryStart(in WireCommand wire, long nowMs)
    {
        if (CommandDecoder.Problem(wire, _ports.Texts, _ports.Offers, out var command) is { } problem)
        {
            Refuse(wire, Refusal.Invalid, problem);
            return true;
        }
        if (!TryFind(wire, out var target, out var isUnavailable)) return false;
        if (target is not null) Start(wire.Number, target, command, nowMs);
        else if (isUnavailable) Refuse(wire, Refusal.Unavailable, RefusalWords.Unavailable);
        else Refuse(wire, Refusal.UnknownAccount, RefusalWords.UnknownAccount);
        return true;
    }

    private void Start(ulong number, AccountTarget target, in Command command, long nowMs)
    {
        try
        {
            var execution = _ports.Host.StartOne(target, command, nowMs, number, _late, _outbound);
            if (execution.IsTakenLater)
            {
                _batch.Promise();
                return;
            }
            if (execution.Pending is { } pending)
            {
                _ = _teller.TellLaterAsync(number, AskedOperation.Of(command), target, pending);
                return;
            }
            if (!execution.Outcome.IsGranted) _ports.Refusals.Note(AskedOperation.Of(command), nowMs, target.Id, execution.Outcome);
            if (!_batch.CoversWith(execution.Ticket)) HandOver();
            _batch.Add(number, command.Kind, execution.Outcome, execution.Ticket, target.Id);
        }
        catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
        {
            _batch.Add(number, command.Kind, Outcome.Refuse(Refusal.Unavailable, 0), new RefusalText(target.Id, RefusalWords.Unavailable));
        }
    }

    private void Refuse(in WireCommand wire, Refusal refusal, string message) =>
        _batch.Add(wire.Number, wire.Kind, Outcome.Refuse(refusal, 0), new RefusalText(null, message));

    /// <summary>The account of a command, null if there is none; false if the directory must be asked first.</summary>
    private bool TryFind(in WireCommand wire, out AccountTarget? target, out bool isUnavailable)
    {
        isUnavailable = false;
        if (_question is { } question)
        {
            // The command that was stopped for it is the one that comes now.
            _question = null;
            (target, isUnavailable) = (question.Target, question.IsUnavailable);
            return true;
        }
        if (wire.AccountBy == AccountNaming.Key)
        {
            var hash = CredentialHash.Of(wire.Account);
            if (_ports.Accounts.TryFindKey(hash, out target)) return true;
            _question = new AccountQuestion(null, hash);
            return false;
        }
        if (_ports.Accounts.TryFind(wire.Account, out target)) return true;
        _question = new AccountQuestion(Encoding.UTF8.GetString(wire.Account), default);
        return false;
    }

    private LateAnswers NewLate() => new(_ports.Refusals, _answers, _ports.Clock);

    private void HandOver()
    {
        _outbound.Flush();
        _batch.ReadAt = _readAt;
        if (_batch.Promised > 0)
        {
            _answers.Put(_batch, _late);
            _late = NewLate();
        }
        else
        {
            if (_batch.Count == 0) return;
            _answers.Put(_batch);
        }
        _batch = _answers.Rent();
    }
}
