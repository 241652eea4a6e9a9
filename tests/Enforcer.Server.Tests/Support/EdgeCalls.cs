using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Server.Tests.Support;

/// <summary>The edge's calls as they are on the wire, past the rules that the SDK would apply first.</summary>
internal static class EdgeCalls
{
    private static readonly OperationIds Ids = new(TimeProvider.System);

    public static GrpcMethod<ReserveRequest, Outcome> Reserve { get; } = Of<ReserveRequest, Outcome>("Reserve");

    public static GrpcMethod<ExtendRequest, Outcome> Extend { get; } = Of<ExtendRequest, Outcome>("Extend");

    public static GrpcMethod<CommitRequest, Outcome> Commit { get; } = Of<CommitRequest, Outcome>("Commit");

    public static GrpcMethod<ReleaseRequest, Outcome> Release { get; } = Of<ReleaseRequest, Outcome>("Release");

    public static GrpcMethod<GetRequest, GetResponse> Get { get; } = Of<GetRequest, GetResponse>("Get");

    public static GrpcMethod<CommandBatch, OutcomeBatch> Session { get; } = Of<CommandBatch, OutcomeBatch>("Session");

    public static ByteString NewId() => ByteString.CopyFrom(Ids.Next().ToByteArray(bigEndian: true));

    public static AccountRef Id(string account) => new() { Account = account };

    public static AccountRef Key(string key) => new() { Key = key };

    public static ReserveRequest ReserveOf(AccountRef account, long amountNanos) =>
        new() { OperationId = NewId(), Account = account, AmountNanos = amountNanos };

    public static CommitRequest CommitOf(ReserveRequest reserve, long amountNanos) => new()
    {
        OperationId = NewId(),
        Account = reserve.Account,
        ReservationId = reserve.OperationId,
        AmountNanos = amountNanos,
        Final = true,
    };

    /// <summary>A command as the unary call that it is.</summary>
    public static ValueTask<Outcome> UnaryAsync(this GrpcChannel edge, Command command) => command.BodyCase switch
    {
        Command.BodyOneofCase.Reserve => edge.UnaryAsync(Reserve, command.Reserve),
        Command.BodyOneofCase.Extend => edge.UnaryAsync(Extend, command.Extend),
        Command.BodyOneofCase.Commit => edge.UnaryAsync(Commit, command.Commit),
        Command.BodyOneofCase.Release => edge.UnaryAsync(Release, command.Release),
        _ => throw new ArgumentException("The command has no body.", nameof(command)),
    };

    /// <summary>Commands as one batch of a session of their own; the outcomes in the order of the commands.</summary>
    public static async Task<Outcome[]> SessionAsync(this GrpcChannel edge, params Command[] commands)
    {
        var batch = new CommandBatch();
        foreach (var command in commands) batch.Commands.Add(new Command(command) { Number = (ulong)batch.Commands.Count + 1 });
        using var session = edge.Duplex(Session);
        await session.Writer.WriteAsync(batch);
        await session.CompleteAsync();
        var outcomes = new List<Outcome>();
        while (await session.Reader.ReadAsync() is { } told) outcomes.AddRange(told.Outcomes);
        Assert.Equal(commands.Length, outcomes.Count);
        return [.. outcomes.OrderBy(outcome => outcome.Number)];
    }

    private static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        GrpcMethod.Create<TRequest, TResponse>(EdgeReflection.Descriptor.Services[0], name);
}
