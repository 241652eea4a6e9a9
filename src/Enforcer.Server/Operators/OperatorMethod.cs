using Enforcer.Access;
using Enforcer.Grpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Server.Operators;

/// <summary>
/// One method of the operator service: what it is called on gRPC and on REST, and what it needs. Both ways in run the same
/// handler.
/// </summary>
/// <param name="Name">Its name in the proto.</param>
/// <param name="Needs">What the caller's role must permit.</param>
/// <param name="Verb">The HTTP method.</param>
/// <param name="Route">The path on REST; names in braces are fields of the request.</param>
internal abstract record OperatorMethod(string Name, Permission Needs, string Verb, string Route)
{
    /// <summary>The longest request in bytes; null for the usual bound.</summary>
    public int? MaxRequestBytes { get; init; }

    /// <summary>What it is asked with.</summary>
    public abstract MessageDescriptor Request { get; }

    /// <summary>What it answers with, one or a stream of them.</summary>
    public abstract MessageDescriptor Response { get; }

    /// <summary>True if it answers with a stream.</summary>
    public abstract bool IsStream { get; }

    /// <summary>Binds it to gRPC.</summary>
    public abstract void Bind(GrpcService service, Func<GrpcCall, OperatorCall> caller);

    /// <summary>Runs it for REST; a method that is no stream answers once.</summary>
    public abstract IAsyncEnumerable<IMessage> RunAsync(IMessage request, OperatorCall call);

    /// <summary>An empty request, to be filled by REST.</summary>
    public IMessage NewRequest() => Request.Parser.ParseFrom(ByteString.Empty);
}
