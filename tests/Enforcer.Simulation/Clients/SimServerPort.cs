using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Nodes;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Simulation.Clients;

/// <summary>A node as one client's SDK reaches it.</summary>
internal sealed class SimServerPort(World world, Machine machine, SimRandom random, Network network, PeerNetwork edges, SimNode node, SessionWatch watch) : IServerPort
{
    public ISessionStream OpenSession()
    {
        var numbers = watch.Begin();
        return new SimSessionStream(edges.ConnectAsync(machine, node.Name), numbers.Leaving, numbers.Come);
    }

    public async ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var answer = new TaskCompletionSource<TResponse>();
        using var cancelled = options.CancellationToken.Register(() => answer.TrySetException(new GrpcStatusException(GrpcStatus.Cancelled, "The call was cancelled.")));
        // Mostly a connection that has lost something breaks; now and then nobody hears anything.
        if (random.Happens(900)) world.After(random.Between(100, 400) * World.Millisecond, machine, "patience", () => Fail(answer));
        network.Send(machine, node.Name, "call", () => node.Machine, far =>
        {
            if (node.Gate is not { } gate) return;
            gate.Answer(request, response => network.Send(far, machine.Name, "answer", () => machine, _ =>
            {
                if (response is null) Fail(answer);
                else answer.TrySetResult((TResponse)response);
            }));
        });
        return await answer.Task.ConfigureAwait(false);
    }

    public IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => throw new NotSupportedException("Simulated clients read no streams.");

    public void Dispose()
    {
        // Its connections end with the world.
    }

    private static void Fail<T>(TaskCompletionSource<T> answer) => answer.TrySetException(new GrpcStatusException(GrpcStatus.Unavailable, "The node does not answer."));
}
