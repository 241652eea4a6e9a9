using System.Net;
using System.Threading.Channels;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Enforcer.Client.Tests.Support;

/// <summary>A scripted edge service on a free loopback port.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly Channel<FakeSession> _sessions = Channel.CreateUnbounded<FakeSession>();
    private WebApplication? _app;

    private FakeServer()
    {
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers each command as it comes; null from it means no answer. Without a script the test answers.</summary>
    public Func<Command, Outcome?>? Script { get; set; }

    /// <summary>Looks at every session as it starts; may refuse it.</summary>
    public Action<GrpcCall>? OnSession { get; set; }

    /// <summary>Whether sessions read; else they keep the client waiting.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Answers Get.</summary>
    public Func<GetRequest, GrpcCall, GetResponse> OnGet { get; set; } = (_, _) => new();

    public static Task<FakeServer> StartAsync(Func<Command, Outcome?>? script = null) => StartAsync(0, script);

    public static async Task<FakeServer> StartAsync(int port, Func<Command, Outcome?>? script = null)
    {
        var server = new FakeServer { Script = script };
        var options = new GrpcServerOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            options.ConfigureKestrel(kestrel);
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        server._app = builder.Build();
        server._app.UseGrpc(new GrpcServer([server.Bind()], options));
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.First());
        return server;
    }

    public EnforcerClientOptions Options(Action<EnforcerClientOptions>? change = null) => OptionsFor(Address, change);

    public static EnforcerClientOptions OptionsFor(Uri address, Action<EnforcerClientOptions>? change = null)
    {
        var options = new EnforcerClientOptions
        {
            Endpoints = [address.ToString()],
            Token = "enf_edge_test",
            Backoff = TimeSpan.FromMilliseconds(1),
            Timeout = Patience.Limit,
        };
        change?.Invoke(options);
        return options;
    }

    public EnforcerClient Connect(Action<EnforcerClientOptions>? change = null) => new(Options(change));

    public Task<FakeSession> NextSessionAsync() => _sessions.Reader.ReadAsync().Within();

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    private GrpcService Bind() => new GrpcService(EdgeReflection.Descriptor.Services[0])
        .Unary<ReserveRequest, Outcome>("Reserve", NoUnary)
        .Unary<ExtendRequest, Outcome>("Extend", NoUnary)
        .Unary<CommitRequest, Outcome>("Commit", NoUnary)
        .Unary<ReleaseRequest, Outcome>("Release", NoUnary)
        .Unary<GetRequest, GetResponse>("Get", (request, call) => new(OnGet(request, call)))
        .Duplex<CommandBatch, OutcomeBatch>("Session", (reader, writer, call) =>
        {
            OnSession?.Invoke(call);
            var session = new FakeSession(reader, writer, call);
            _sessions.Writer.TryWrite(session);
            return Reads ? session.RunAsync(Script) : session.WaitAsync();
        });

    private static ValueTask<Outcome> NoUnary<T>(T request, GrpcCall call) =>
        throw new GrpcStatusException(GrpcStatus.Unimplemented, "the client uses sessions.");
}
