using Enforcer.Access;
using Enforcer.Grpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Server.Operators;

/// <summary>A method that answers once.</summary>
internal sealed record UnaryMethod<TRequest, TResponse>(
    string Name, Permission Needs, string Verb, string Route, Func<TRequest, OperatorCall, Task<TResponse>> Handler)
    : OperatorMethod(Name, Needs, Verb, Route)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public override MessageDescriptor Request { get; } = new TRequest().Descriptor;

    public override MessageDescriptor Response { get; } = new TResponse().Descriptor;

    public override bool IsStream => false;

    public override void Bind(GrpcService service, Func<GrpcCall, OperatorCall> caller) =>
        service.Unary<TRequest, TResponse>(Name, (request, call) => new ValueTask<TResponse>(Faulting.Run(() => Handler(request, caller(call)))), MaxRequestBytes);

    public override async IAsyncEnumerable<IMessage> RunAsync(IMessage request, OperatorCall call)
    {
        yield return await Faulting.Run(() => Handler((TRequest)request, call)).ConfigureAwait(false);
    }
}
