using System.Buffers;
using Enforcer.Client;
using Enforcer.Cluster;
using Enforcer.Grpc;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Simulation.Clients;

/// <summary>The SDK's session over a simulated connection. Whoever listens reads along: each command as it leaves, each outcome as it comes.</summary>
internal sealed class SimSessionStream : ISessionStream
{
    private readonly Action<V1.Command> _onLeaving;
    private readonly Action<V1.Outcome> _onCome;
    private readonly Queue<byte[]> _leaving = new();
    // One for each who waits: those who share a task go on on threads of the pool.
    private readonly TaskCompletionSource<IPeerConnection> _forReader = new();
    private readonly TaskCompletionSource<IPeerConnection> _forWriter = new();
    private byte[]? _come;
    private IPeerConnection? _connection;
    private bool _isOver;

    public SimSessionStream(Task<IPeerConnection> connecting, Action<V1.Command> onLeaving, Action<V1.Outcome> onCome)
    {
        (_onLeaving, _onCome) = (onLeaving, onCome);
        _ = ConnectAsync(connecting);
    }

    public void Write(int maxBytes, in CommandsToWrite batch, GrpcFrameFiller<CommandsToWrite> fill)
    {
        var bytes = new byte[maxBytes];
        var frame = bytes[..fill(bytes, batch)];
        foreach (var command in V1.CommandBatch.Parser.ParseFrom(frame).Commands) _onLeaving(command);
        _leaving.Enqueue(frame);
    }

    public async ValueTask FlushAsync()
    {
        try
        {
            var connection = await _forWriter.Task.ConfigureAwait(false);
            while (_leaving.TryDequeue(out var frame)) await connection.SendAsync(frame).ConfigureAwait(false);
        }
        catch (PeerLostException lost)
        {
            throw Lost(lost);
        }
    }

    public ValueTask CompleteAsync() => FlushAsync();

    public async ValueTask<bool> WaitToReadAsync()
    {
        try
        {
            var connection = await _forReader.Task.ConfigureAwait(false);
            if (await connection.ReceiveAsync().ConfigureAwait(false) is not { } frame) return false;
            _come = frame.ToArray();
        }
        catch (PeerLostException lost)
        {
            throw Lost(lost);
        }
        foreach (var outcome in V1.OutcomeBatch.Parser.ParseFrom(_come).Outcomes) _onCome(outcome);
        return true;
    }

    public bool TryRead(out ReadOnlySequence<byte> batch)
    {
        var hasCome = _come is not null;
        batch = hasCome ? new ReadOnlySequence<byte>(_come!) : default;
        _come = null;
        return hasCome;
    }

    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        if (_connection is not null) _ = _connection.DisposeAsync().AsTask();
        else Fail(new PeerLostException("The session was ended."));
    }

    private async Task ConnectAsync(Task<IPeerConnection> connecting)
    {
        try
        {
            var connection = await connecting.ConfigureAwait(false);
            if (_isOver)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                return;
            }
            _connection = connection;
            _forReader.TrySetResult(connection);
            _forWriter.TrySetResult(connection);
        }
        catch (PeerLostException lost)
        {
            Fail(lost);
        }
    }

    private void Fail(PeerLostException lost)
    {
        _forReader.TrySetException(lost);
        _forWriter.TrySetException(lost);
    }

    private static GrpcStatusException Lost(PeerLostException lost) => new(GrpcStatus.Unavailable, lost.Message, lost);
}
