using System.Collections.Concurrent;
using System.Threading.Channels;
using Enforcer.Cluster;

namespace Enforcer.Testing.Cluster;

/// <summary>A network in memory: connections that can be refused, cut, or fall silent between two nodes, in one direction or both.</summary>
public sealed class MemoryNetwork
{
    private readonly ConcurrentDictionary<string, Func<IPeerConnection, Task>> _nodes = new();
    private readonly ConcurrentDictionary<(string From, string To), byte> _blocked = new();
    private readonly ConcurrentBag<(string From, string To, Pipe Pipe)> _pipes = [];

    /// <summary>The network as one node uses it.</summary>
    public IPeerNetwork Of(string node) => new View(this, node);

    /// <summary>Who answers at a node; null for nobody.</summary>
    public void Listen(string node, Func<IPeerConnection, Task>? answer)
    {
        if (answer is null) _nodes.TryRemove(node, out _);
        else _nodes[node] = answer;
    }

    /// <summary>From now on nothing goes from one node to the other: connections there are break.</summary>
    public void Block(string from, string to)
    {
        _blocked[(from, to)] = 0;
        foreach (var (one, other, pipe) in _pipes)
        {
            if ((one, other) == (from, to) || (one, other) == (to, from)) pipe.Break();
        }
    }

    /// <summary>It goes again.</summary>
    public void Heal(string from, string to) => _blocked.TryRemove((from, to), out _);

    /// <summary>Breaks every connection of a node, as if its process had ended.</summary>
    public void Cut(string node)
    {
        foreach (var (one, other, pipe) in _pipes)
        {
            if (one == node || other == node) pipe.Break();
        }
    }

    private sealed class View(MemoryNetwork network, string node) : IPeerNetwork
    {
        public Task<IPeerConnection> ConnectAsync(string to, Uri address, CancellationToken cancel)
        {
            if (network._blocked.ContainsKey((node, to)) || !network._nodes.TryGetValue(to, out var answer))
                return Task.FromException<IPeerConnection>(new PeerLostException($"{to} cannot be reached from {node}."));
            var pipe = new Pipe();
            network._pipes.Add((node, to, pipe));
            _ = Task.Run(() => answer(pipe.Far), cancel);
            return Task.FromResult<IPeerConnection>(pipe.Near);
        }
    }

    private sealed class Pipe
    {
        private readonly Channel<byte[]> _there = Channel.CreateUnbounded<byte[]>();
        private readonly Channel<byte[]> _back = Channel.CreateUnbounded<byte[]>();

        public Pipe()
        {
            Near = new End(this, _there.Writer, _back.Reader);
            Far = new End(this, _back.Writer, _there.Reader);
        }

        public IPeerConnection Near { get; }

        public IPeerConnection Far { get; }

        public void Break()
        {
            _there.Writer.TryComplete(new PeerLostException("The connection was cut."));
            _back.Writer.TryComplete(new PeerLostException("The connection was cut."));
        }
    }

    private sealed class End(Pipe pipe, ChannelWriter<byte[]> writer, ChannelReader<byte[]> reader) : IPeerConnection
    {
        public ValueTask SendAsync(ReadOnlyMemory<byte> frame) =>
            writer.TryWrite(frame.ToArray()) ? ValueTask.CompletedTask : ValueTask.FromException(new PeerLostException("The connection was cut."));

        public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync()
        {
            try
            {
                return await reader.ReadAsync();
            }
            catch (ChannelClosedException closed)
            {
                throw new PeerLostException("The connection was cut.", closed);
            }
        }

        public ValueTask DisposeAsync()
        {
            pipe.Break();
            return ValueTask.CompletedTask;
        }
    }
}
