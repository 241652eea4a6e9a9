using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Microsoft.Extensions.Logging;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>
/// One connection to a peer, from connecting to breaking. Requests of all callers gather while the frame before is being sent, so that one frame
/// carries as many as have come meanwhile. When it breaks, every request that has no answer is told so; a new link takes its place.
/// </summary>
internal sealed class PeerLink : IThreadPoolWorkItem, IOutbound
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PeerRequest> _pending = [];
    private readonly Func<Task<IPeerConnection>> _connect;
    private readonly TimeSpan _mostSilence;
    private readonly TimeProvider _clock;
    private readonly WorkPool _work;
    private readonly ILogger _log;
    private readonly Action? _onSending;
    private FrameBuffer _open = new();
    private readonly Queue<FrameBuffer> _full = new();
    private FrameBuffer? _spare = new();
    private IPeerConnection? _connection;
    private ulong _number;
    private long _heardAt;
    private bool _isSending;
    private bool _isClosed;

    /// <summary>A link that connects when there is something to send.</summary>
    /// <param name="node">The peer's name.</param>
    /// <param name="mark">Which process of that name it is to.</param>
    /// <param name="connect">Connects to it.</param>
    /// <param name="mostSilence">If it owes answers and sends nothing for so long, the link is broken.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="work">Where work goes on.</param>
    /// <param name="log">Where to write.</param>
    /// <param name="onSending">Is called before each frame; null for nothing.</param>
    public PeerLink(
        string node, Guid mark, Func<Task<IPeerConnection>> connect, TimeSpan mostSilence, TimeProvider clock, WorkPool work, ILogger log, Action? onSending = null)
    {
        _onSending = onSending;
        Node = node;
        Mark = mark;
        _connect = connect;
        _mostSilence = mostSilence;
        _clock = clock;
        _work = work;
        _log = log;
        _heardAt = clock.GetTimestamp();
    }

    /// <summary>The peer's name.</summary>
    public string Node { get; }

    /// <summary>Which process of that name it is to.</summary>
    public Guid Mark { get; }

    /// <summary>True once it is broken.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>True from when the peer has let this node in; it may have broken since.</summary>
    public bool HasConnected => Volatile.Read(ref _connection) is not null;

    /// <summary>True while it is of use.</summary>
    public bool IsConnected => HasConnected && !IsClosed;

    /// <summary>Why it is broken.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Connects without having anything to send, to see whether that is possible.</summary>
    public void Open()
    {
        lock (_gate)
        {
            if (_isClosed || _isSending) return;
            _isSending = true;
        }
        _work.Queue(this);
    }

    /// <summary>Hands a request to the link, which will tell it one thing; false if the link is broken, and nothing was done.</summary>
    /// <param name="request">The request.</param>
    /// <param name="outbound">If the caller has more: it may wait here until <see cref="OutboundCommands.Flush"/>. Null if it has not.</param>
    public bool TrySend(PeerRequest request, OutboundCommands? outbound = null)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            if (_pending.Count == 0) _heardAt = _clock.GetTimestamp();
            _pending.Add(++_number, request);
            request.WriteTo(_open, _number, _clock.GetTimestamp());
            if (_open.Length >= PeerFields.FullFrameBytes) _full.Enqueue(TakeOpen());
            // Whoever is sending takes it along.
            if (_isSending) return true;
            if (outbound is not null && _full.Count == 0)
            {
                outbound.Add(this);
                return true;
            }
            _isSending = true;
        }
        // On another thread: the caller has more to do than to wait for the network.
        _work.Queue(this);
        return true;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isClosed || _isSending || _open.Length == 0) return;
            _isSending = true;
        }
        _work.Queue(this);
    }

    /// <summary>Ends what has waited too long; breaks the link if the peer has been silent for too long.</summary>
    public void Tick(long now)
    {
        List<PeerRequest>? expired = null;
        bool isSilent;
        lock (_gate)
        {
            if (_isClosed || _pending.Count == 0) return;
            isSilent = _clock.GetElapsedTime(_heardAt, now) > _mostSilence;
            foreach (var (number, request) in _pending)
            {
                if (request.Deadline > now) continue;
                (expired ??= []).Add(request);
                _pending.Remove(number);
            }
        }
        foreach (var request in expired ?? []) request.Expire();
        if (isSilent) Close($"it has not answered for {_mostSilence.TotalSeconds} s");
    }

    /// <summary>Breaks the link.</summary>
    public void Close(string why)
    {
        PeerRequest[] lost;
        IPeerConnection? connection;
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            lost = [.. _pending.OrderBy(static pair => pair.Key).Select(static pair => pair.Value)];
            _pending.Clear();
            connection = _connection;
            Problem = why;
        }
        if (connection is null) ClusterLog.NotConnected(_log, Node, why);
        else ClusterLog.LinkLost(_log, Node, why);
        if (connection is not null) _ = connection.DisposeAsync().AsTask();
        foreach (var request in lost) request.Lose();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private async Task SendAsync()
    {
        try
        {
            var connection = _connection ?? await ConnectAsync().ConfigureAwait(false);
            while (TakeFrame() is { } frame)
            {
                _onSending?.Invoke();
                await connection.SendAsync(frame.Written).ConfigureAwait(false);
                frame.Clear();
                lock (_gate) _spare = frame;
            }
        }
#pragma warning disable CA1031 // Whatever broke the connection, the requests on it have no answer, and are told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Close(error.Message);
        }
    }

    private FrameBuffer? TakeFrame()
    {
        lock (_gate)
        {
            if (!_isClosed && _full.TryDequeue(out var full)) return full;
            if (!_isClosed && _open.Length > 0) return TakeOpen();
            _isSending = false;
            return null;
        }
    }

    private FrameBuffer TakeOpen()
    {
        var frame = _open;
        (_open, _spare) = (_spare ?? new FrameBuffer(), null);
        return frame;
    }

    private async Task<IPeerConnection> ConnectAsync()
    {
        var connection = await _connect().ConfigureAwait(false);
        bool isClosed;
        lock (_gate)
        {
            isClosed = _isClosed;
            if (!isClosed) Volatile.Write(ref _connection, connection);
        }
        if (isClosed)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new PeerLostException("The link was closed.");
        }
        ClusterLog.LinkMade(_log, Node);
        _work.Queue(() => _ = ReceiveAsync(connection));
        return connection;
    }

    private async Task ReceiveAsync(IPeerConnection connection)
    {
        try
        {
            while (await connection.ReceiveAsync().ConfigureAwait(false) is { } frame)
            {
                Volatile.Write(ref _heardAt, _clock.GetTimestamp());
                Read(frame.Span);
            }
            Close("it has ended the connection");
        }
#pragma warning disable CA1031 // Whatever broke the connection, the requests on it have no answer, and are told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Close(error.Message);
        }
    }

    private void Read(ReadOnlySpan<byte> frame)
    {
        var reader = new WireReader(frame, GrpcStatus.Internal);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case PeerFields.OutcomesTag:
                    var outcome = OutcomeCodec.Read(reader.ReadBytes(), out var number);
                    Take(number)?.Complete(outcome);
                    break;
                case PeerFields.AnswersTag:
                    var answer = V1.NodeAnswer.Parser.ParseFrom(reader.ReadBytes());
                    Take(answer.Number)?.Complete(answer);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
    }

    private PeerRequest? Take(ulong number)
    {
        lock (_gate) return _pending.Remove(number, out var request) ? request : null;
    }
}
