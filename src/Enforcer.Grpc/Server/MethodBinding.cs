using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>A method and its handler: carries one call from its headers to its trailers.</summary>
internal abstract class MethodBinding(GrpcMethodInfo info)
{
    public GrpcMethodInfo Info { get; } = info;

    /// <summary>Runs a call to its end. Never throws: every failure becomes a status.</summary>
    public async Task RunAsync(GrpcCall call, GrpcInterceptor[] interceptors)
    {
        var status = GrpcStatus.Ok;
        try
        {
            call.Begin();
            foreach (var interceptor in interceptors)
                await interceptor.BeforeAsync(call).ConfigureAwait(false);
            await HandleAsync(call).ConfigureAwait(false);
            if (call.IsDeadlineExceeded)
                throw CallFailure.DeadlineExceeded();
            call.WriteTrailersOk();
        }
#pragma warning disable CA1031 // Whatever a handler throws ends its own call and nothing else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            status = CallFailure.Answer(call, failure);
        }
        finally
        {
            call.End();
        }
        foreach (var interceptor in interceptors)
            interceptor.After(call, status);
    }

    /// <summary>Reads the request, runs the handler, and writes its answers, but not the trailers.</summary>
    protected abstract ValueTask HandleAsync(GrpcCall call);

    /// <summary>Sends the headers of a stream before its first message, so that the client knows it has begun.</summary>
    protected static async ValueTask StartStreamAsync(GrpcCall call)
    {
        call.WriteHeaders();
        await call.HttpContext.Response.BodyWriter.FlushAsync(call.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the handler of a stream. What it wrote is sent before the status, also when it fails.</summary>
    protected static async Task RunStreamAsync<T>(Func<Task> handler, GrpcStreamWriter<T> writer)
        where T : class, IMessage<T>
    {
        try
        {
            await handler().ConfigureAwait(false);
        }
        catch
        {
            await writer.TryCloseAsync().ConfigureAwait(false);
            throw;
        }
        await writer.CloseAsync().ConfigureAwait(false);
    }
}
