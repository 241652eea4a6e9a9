using System.Collections.Concurrent;
using System.Net;
using Enforcer.Grpc;
using Enforcer.LoadTests.Edges;
using Enforcer.Protocol.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Enforcer.LoadTests.Tests;

/// <summary>
/// An edge service that grants everything once per operation id. It can break: every session ends without a word after some
/// batches, its last batch taken but not answered, and unary calls fail after they took effect.
/// </summary>
internal sealed class ToyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _batchesPerSession;
    private readonly ConcurrentDictionary<ByteString, Outcome> _answers = new();
    private int _failures;
    private int _repeats;
    private long _seq;

    private ToyServer(int batchesPerSession)
    {
        _batchesPerSession = batchesPerSession;
        var options = new GrpcServerOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            options.ConfigureKestrel(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        var service = new GrpcService(EdgeReflection.Descriptor.Services[0])
            .Unary<ReserveRequest, Outcome>("Reserve", (request, _) => Unary(request.OperationId, request.AmountNanos, 0))
            .Unary<CommitRequest, Outcome>("Commit", (request, _) => Unary(request.OperationId, 0, request.AmountNanos))
            .Unary<ReleaseRequest, Outcome>("Release", (request, _) => Unary(request.OperationId, 0, 0))
            .Unary<ExtendRequest, Outcome>("Extend", (_, _) => throw new GrpcStatusException(GrpcStatus.Unimplemented, "no load test extends"))
            .Unary<GetRequest, GetResponse>("Get", (_, _) => throw new GrpcStatusException(GrpcStatus.Unimplemented, "no load test asks an edge"))
            .Duplex<CommandBatch, OutcomeBatch>("Session", SessionAsync);
        _app.UseGrpc(new GrpcServer([service], options));
    }

    public Target Target => new(new Uri(_app.Urls.First()), null, "token", 0);

    /// <summary>Operations that took effect.</summary>
    public int Effects => _answers.Count;

    /// <summary>Commands that came again under an id that was known.</summary>
    public int Repeats => _repeats;

    /// <param name="batchesPerSession">0: sessions live on, and unary calls succeed.</param>
    public static async Task<ToyServer> StartAsync(int batchesPerSession)
    {
        var server = new ToyServer(batchesPerSession);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private ValueTask<Outcome> Unary(ByteString id, long held, long charged)
    {
        var answer = Answer(0, id, held, charged);
        return _batchesPerSession > 0 && Interlocked.Increment(ref _failures) % _batchesPerSession == 0
            ? throw new GrpcStatusException(GrpcStatus.Unavailable, "the toy broke after the effect")
            : ValueTask.FromResult(answer);
    }

    private async Task SessionAsync(GrpcStreamReader<CommandBatch> commands, GrpcStreamWriter<OutcomeBatch> outcomes, GrpcCall call)
    {
        for (var batches = 1; await commands.ReadAsync() is { } batch; batches++)
        {
            var answers = new OutcomeBatch();
            answers.Outcomes.AddRange(batch.Commands.Select(Answer));
            if (batches == _batchesPerSession)
                throw new GrpcStatusException(GrpcStatus.Unavailable, "the toy broke");
            await outcomes.WriteAsync(answers);
        }
    }

    private Outcome Answer(Command command) => command.BodyCase switch
    {
        Command.BodyOneofCase.Reserve => Answer(command.Number, command.Reserve.OperationId, command.Reserve.AmountNanos, 0),
        Command.BodyOneofCase.Commit => Answer(command.Number, command.Commit.OperationId, 0, command.Commit.AmountNanos),
        _ => Answer(command.Number, command.Release.OperationId, 0, 0),
    };

    private Outcome Answer(ulong number, ByteString id, long held, long charged)
    {
        var made = new Outcome { HeldNanos = held, ChargedNanos = charged, Seq = Interlocked.Increment(ref _seq) };
        var known = _answers.GetOrAdd(id, made);
        if (known != made)
            Interlocked.Increment(ref _repeats);
        var answer = known.Clone();
        answer.Number = number;
        return answer;
    }
}
