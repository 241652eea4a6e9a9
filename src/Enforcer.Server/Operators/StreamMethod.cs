using Enforcer.Access;
using Enforcer.Grpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Server.Operators;

/// <summary>A method that answers with a stream.</summary>
internal sealed record StreamMethod<TRequest, TResponse>(
    string Name, Permission Needs, string Verb, string Route, Func<TRequest, OperatorCall, IAsyncEnumerable<TResponse>> Handler)
    : OperatorMethod(Name, Needs, Verb, Route)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public override MessageDescriptor Request { get; } = new TRequest().Descriptor;

    public override MessageDescriptor Response { get; } = new TResponse().Descriptor;

    public override bool IsStream => true;

    public override void Bind(GrpcService service, Func<GrpcCall, OperatorCall> caller) =>
        service.ServerStream<TRequest, TResponse>(Name, (request, writer, call) => Faulting.Run(async () =>
        {
            await foreach (var message in Handler(request, caller(call)).ConfigureAwait(false))
                await writer.WriteAsync(message).ConfigureAwait(false);
            return true;
        }));

    public override async IAsyncEnumerable<IMessage> RunAsync(IMessage request, OperatorCall call)
    {
        await foreach (var message in Handler((TRequest)request, call).ConfigureAwait(false)) yield return message;
    }
}
