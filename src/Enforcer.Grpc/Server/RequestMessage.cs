using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>Reads the one request of a unary or server-streaming call.</summary>
internal static class RequestMessage
{
    /// <exception cref="GrpcStatusException">There is not exactly one well-formed message within the bound.</exception>
    public static async ValueTask<T> ReadAsync<T>(GrpcCall call, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var pipe = call.HttpContext.Request.BodyReader;
        while (true)
        {
            if (!TryRead(call, pipe, out var result))
                result = await WaitAsync(call, pipe).ConfigureAwait(false);
            var data = result.Buffer;
            var whole = Frame.TryRead(data, call.MaxReceiveBytes, out var length);
            if (whole && data.Length > Frame.HeaderBytes + length)
                throw new GrpcStatusException(GrpcStatus.Unimplemented, $"{call.Method.Path} takes one request message and got more.");
            if (result.IsCompleted)
            {
                if (!whole)
                    throw Incomplete(call, data.Length);
                var message = Frame.Parse(parser, data.Slice(Frame.HeaderBytes, length), GrpcStatus.InvalidArgument);
                pipe.AdvanceTo(data.End);
                return message;
            }
            pipe.AdvanceTo(data.Start, data.End);
        }
    }

    private static bool TryRead(GrpcCall call, PipeReader pipe, out ReadResult result)
    {
        try
        {
            return pipe.TryRead(out result);
        }
        catch (IOException failure)
        {
            // It broke off before anything was read.
            throw CallFailure.OfTransport(call, failure);
        }
    }

    private static async ValueTask<ReadResult> WaitAsync(GrpcCall call, PipeReader pipe)
    {
        try
        {
            return await pipe.ReadAsync(call.CancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // However the request broke off, the caller is not there any more.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            throw CallFailure.OfTransport(call, failure);
        }
    }

    private static GrpcStatusException Incomplete(GrpcCall call, long bytes) => bytes == 0
        ? new(GrpcStatus.Unimplemented, $"{call.Method.Path} takes one request message and got none.")
        : new(GrpcStatus.InvalidArgument, $"the request ends inside a message: {bytes} bytes of an incomplete frame.");
}
