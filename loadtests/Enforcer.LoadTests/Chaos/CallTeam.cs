using Enforcer.Grpc;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// Probes of several accounts by plain calls that nobody repeats: each goes to one node, and whatever is no answer is a failure. What they reserve expires.
/// </summary>
internal sealed class CallTeam : IAsyncDisposable
{
    private const long TtlMs = 20_000;

    private static readonly GrpcCallOptions Options = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly IReadOnlyList<GrpcChannel> _channels;
    private readonly OperationIds _ids;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <param name="target">The nodes.</param>
    /// <param name="first">The number of the first account.</param>
    /// <param name="count">How many accounts.</param>
    /// <param name="seed">Decides operation ids.</param>
    public CallTeam(Target target, int first, int count, int seed)
    {
        _channels = EdgeChannel.OpenAll(target);
        _ids = new OperationIds(new Random(unchecked(seed * 31)), TimeProvider.System);
        Probes = [.. Enumerable.Range(0, count).Select(i => new Probe(first + i, (account, _) => ReserveAsync(_channels[i % _channels.Count], account)))];
        _running = Task.WhenAll(Probes.Select(probe => Task.Run(() => probe.RunAsync(_stop.Token))));
    }

    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>Why the last call failed; null if none did.</summary>
    public string? LastFailure { get; private set; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        _stop.Dispose();
    }

    private async Task<bool> ReserveAsync(GrpcChannel channel, int account)
    {
        var id = new byte[16];
        lock (_ids)
            OperationIds.Write(_ids.Next(), id);
        var request = new ReserveRequest
        {
            OperationId = ByteString.CopyFrom(id),
            Account = new AccountRef { Account = AccountNames.Of(account) },
            AmountNanos = 1_000,
            TtlMs = TtlMs,
        };
        try
        {
            var outcome = await channel.UnaryAsync(EdgeChannel.Reserve, request, Options).ConfigureAwait(false);
            if (outcome.Refusal == Refusal.Granted)
                return true;
            LastFailure = outcome.Refusal.ToString();
        }
        catch (GrpcStatusException failure)
        {
            LastFailure = $"{failure.Code}: {failure.Message}";
        }

        return false;
    }
}
