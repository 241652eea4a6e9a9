using Enforcer.Grpc.Protos.Health;
using Enforcer.Grpc.Protos.Reflection;
using Enforcer.Grpc.Tests.Support;
using Google.Protobuf.Reflection;
using ServingStatus = Enforcer.Grpc.Protos.Health.HealthCheckResponse.Types.ServingStatus;

namespace Enforcer.Grpc.Tests;

/// <summary>Health and reflection.</summary>
public sealed class ServicesTests : IAsyncLifetime
{
    private static readonly ServiceDescriptor Health = HealthReflection.Descriptor.Services[0];
    private static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Check =
        GrpcMethod.Create<HealthCheckRequest, HealthCheckResponse>(Health, "Check");
    private static readonly GrpcMethod<HealthListRequest, HealthListResponse> List =
        GrpcMethod.Create<HealthListRequest, HealthListResponse>(Health, "List");
    private static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Watch =
        GrpcMethod.Create<HealthCheckRequest, HealthCheckResponse>(Health, "Watch");
    private static readonly GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> Reflect =
        GrpcMethod.Create<ServerReflectionRequest, ServerReflectionResponse>(ReflectionReflection.Descriptor.Services[0], "ServerReflectionInfo");

    private readonly HealthState _state = new();
    private ProbeServer _server = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _server = await ProbeServer.StartAsync(services:
            [HealthService.Create(_state), ReflectionService.Create([ProbeService.Descriptor, Health])]);
        _channel = _server.Connect();
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Check_tells_the_state_as_it_was_set()
    {
        Assert.Equal(ServingStatus.Serving, (await _channel.UnaryAsync(Check, new())).Status);
        _state.Set("", HealthStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, (await _channel.UnaryAsync(Check, new())).Status);
    }

    [Fact]
    public async Task Check_of_an_unknown_service_is_not_found()
    {
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() => _channel.UnaryAsync(Check, new() { Service = "nobody" }).AsTask());
        Assert.Equal(GrpcStatus.NotFound, error.Code);
    }

    [Fact]
    public async Task List_tells_all_services()
    {
        _state.Set("probe.v1.Probe", HealthStatus.NotServing);
        var statuses = (await _channel.UnaryAsync(List, new())).Statuses;
        Assert.Equal(["", "probe.v1.Probe"], statuses.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ServingStatus.NotServing, statuses["probe.v1.Probe"].Status);
    }

    [Fact]
    public async Task Watch_tells_the_state_now_and_each_change()
    {
        await using var watch = _channel.ServerStream(Watch, new() { Service = "later" }).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(ServingStatus.ServiceUnknown, watch.Current.Status);
        _state.Set("other", HealthStatus.Serving);
        _state.Set("later", HealthStatus.Serving);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(ServingStatus.Serving, watch.Current.Status);
        _state.Set("later", HealthStatus.NotServing);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(ServingStatus.NotServing, watch.Current.Status);
    }

    [Fact]
    public async Task Watch_ends_when_the_server_stops()
    {
        await using var watch = _channel.ServerStream(Watch, new()).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await _server.StopAsync().WaitAsync(Patience.Limit);
        Assert.Equal(GrpcStatus.Unavailable, (await Assert.ThrowsAsync<GrpcStatusException>(() => next)).Code);
    }

    [Fact]
    public async Task Reflection_names_the_services()
    {
        var answer = await AskAsync(new() { ListServices = "*" });
        Assert.Equal(["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "probe.v1.Probe"],
            answer.ListServicesResponse.Service.Select(s => s.Name));
    }

    [Theory]
    [InlineData("probe.v1.Probe")]
    [InlineData("probe.v1.Probe.Echo")]
    [InlineData("probe.v1.ProbeRequest")]
    [InlineData("probe.v1.ProbeRequest.text")]
    public async Task Reflection_finds_the_file_of_a_symbol(string symbol)
    {
        var answer = await AskAsync(new() { FileContainingSymbol = symbol });
        var file = FileDescriptorProto.Parser.ParseFrom(answer.FileDescriptorResponse.FileDescriptorProto[0]);
        Assert.Equal("probe.proto", file.Name);
    }

    [Fact]
    public async Task Reflection_gives_a_file_by_name()
    {
        var answer = await AskAsync(new() { FileByFilename = "grpc/health/v1/health.proto" });
        Assert.Equal("grpc.health.v1", FileDescriptorProto.Parser.ParseFrom(answer.FileDescriptorResponse.FileDescriptorProto[0]).Package);
    }

    [Fact]
    public async Task Reflection_says_what_it_does_not_know()
    {
        Assert.Equal(5, (await AskAsync(new() { FileContainingSymbol = "no.Such" })).ErrorResponse.ErrorCode);
        Assert.Equal(5, (await AskAsync(new() { FileByFilename = "no.proto" })).ErrorResponse.ErrorCode);
        Assert.Equal(5, (await AskAsync(new() { AllExtensionNumbersOfType = "no.Such" })).ErrorResponse.ErrorCode);
        Assert.Equal(5, (await AskAsync(new() { FileContainingExtension = new() { ContainingType = "no.Such" } })).ErrorResponse.ErrorCode);
        Assert.Equal(3, (await AskAsync(new())).ErrorResponse.ErrorCode);
        Assert.Empty((await AskAsync(new() { AllExtensionNumbersOfType = "probe.v1.ProbeRequest" })).AllExtensionNumbersResponse.ExtensionNumber);
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = _channel.Duplex(Reflect);
        await call.Writer.WriteAsync(request);
        await call.CompleteAsync();
        var answer = await call.Reader.ReadAsync();
        Assert.NotNull(answer);
        Assert.Null(await call.Reader.ReadAsync());
        return answer;
    }
}
