using System.Threading.Channels;
using Enforcer.Cluster;

namespace Enforcer.Orleans;

/// <summary>Frames of requests as calls of a silo's port, whose results are the frames of answers. A call that fails breaks it.</summary>
internal sealed class SiloConnection(ISiloPort port) : IPeerConnection
{
    private const int MostCalls = 3;

    private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(MostCalls - 1);

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        _ = CallAsync(frame.ToArray());
        // Until there is room for the next call requests gather, so that it carries many.
        await _room.WaitAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        if (!await _answers.Reader.WaitToReadAsync().ConfigureAwait(false)) return null;
        // The one reader: what it was told of is there.
        _answers.Reader.TryRead(out var answers);
        return answers!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _answers.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private async Task CallAsync(byte[] requests)
    {
        try
        {
            _answers.Writer.TryWrite(await port.ExchangeAsync(requests).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // A silo that died, a message that got lost: the connection is broken, and its link tells those who wait.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _answers.Writer.TryComplete(new PeerLostException(failure.Message, failure));
        }
        finally
        {
            _room.Release();
        }
    }
}
