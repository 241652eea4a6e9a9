using Enforcer.Client;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// An edge that uses the SDK's own session, many edges on one: answers come on the session's loop, commands gather and are
/// sent together. The SDK retries by itself; what it gives up is sent again under the same id.
/// </summary>
internal sealed class SdkEdge : IOutcomeHandler, ICommandSink, IDisposable
{
    private readonly EnforcerSession _session;
    private readonly AccountReference[] _accounts;
    private readonly CycleBoard _board;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _work = new(0);
    private List<SessionCommand> _gathering = [];
    private List<SessionCommand> _sending = [];

    public SdkEdge(EnforcerSession session, EdgeRun run, AccountReference[] accounts, int depth)
    {
        _session = session;
        _accounts = accounts;
        _board = new CycleBoard(run, depth, resends: true);
    }

    /// <summary>How many commands the SDK gave up and this edge sent again.</summary>
    public int Retries { get; private set; }

    public async Task RunAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        while (TryGather(isOver))
        {
            if (_sending.Count == 0)
            {
                await _work.WaitAsync(1, cancellation).ConfigureAwait(false);
                continue;
            }

            await _session.SendAsync(_sending.ToArray(), this, cancellation).ConfigureAwait(false);
            _sending.Clear();
        }
    }

    public void Dispose() => _work.Dispose();

    public void OnOutcome(long mark, in SessionOutcome outcome)
    {
        var answer = new EdgeAnswer((int)mark, outcome.Refusal, outcome.HeldNanos, outcome.ChargedNanos, outcome.OverrunNanos, outcome.Seq);
        lock (_gate)
            _board.Take(answer, this);
        Wake();
    }

    public void OnFailure(long mark, EnforcerException failure)
    {
        lock (_gate)
        {
            Retries++;
            _board.Take(new EdgeAnswer((int)mark, Protocol.V1.Refusal.Unavailable, 0, 0, 0, 0), this);
        }

        Wake();
    }

    public void Add(int number, in EdgeCommand command) => _gathering.Add(new SessionCommand
    {
        Kind = command.Verb switch
        {
            EdgeVerb.Reserve => SessionCommandKind.Reserve,
            EdgeVerb.Commit => SessionCommandKind.Commit,
            _ => SessionCommandKind.Release,
        },
        OperationId = ToGuid(command.OperationId),
        Account = _accounts[command.Account],
        ReservationId = ToGuid(command.ReservationId),
        AmountNanos = command.AmountNanos,
        AtLeastNanos = command.AtLeastNanos,
        TtlMs = command.TtlMs,
        Final = command.Verb == EdgeVerb.Commit,
        Mark = number,
    });

    /// <summary>Takes what is to be sent now; false when everything is over.</summary>
    private bool TryGather(Func<bool> isOver)
    {
        lock (_gate)
        {
            _board.StartDue(isOver, this);
            (_sending, _gathering) = (_gathering, _sending);
            return !_board.IsOver;
        }
    }

    private void Wake()
    {
        if (_work.CurrentCount == 0)
            _work.Release();
    }

    private static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        Traffic.OperationIds.Write(id, bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
