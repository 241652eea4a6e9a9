using System.Buffers;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>A session as one gRPC call.</summary>
internal sealed class GrpcSessionStream(GrpcDuplexCall<CommandBatch, OutcomeBatch> call) : ISessionStream
{
    public void Write(int maxBytes, in CommandsToWrite batch, GrpcFrameFiller<CommandsToWrite> fill) => call.Writer.WriteFrame(maxBytes, batch, fill);

    public ValueTask FlushAsync() => call.Writer.FlushAsync();

    public ValueTask CompleteAsync() => call.CompleteAsync();

    public ValueTask<bool> WaitToReadAsync() => call.Reader.WaitToReadAsync();

    public bool TryRead(out ReadOnlySequence<byte> batch) => call.Reader.TryReadFrame(out batch);

    public void Dispose() => call.Dispose();
}
