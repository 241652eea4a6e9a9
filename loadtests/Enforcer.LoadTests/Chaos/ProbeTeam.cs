using Enforcer.Client;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// Probes of several accounts through the SDK as applications use it: a few clients that know all nodes and begin with different ones. The accounts are spread over the nodes, so
/// whatever is hit, some of them are.
/// </summary>
internal sealed class ProbeTeam : IAsyncDisposable
{
    /// <summary>
    /// Reservations that were made and not answered expire after this: longer than the SDK's time for a Reserve and a Release, so that none expires that is still to be released.
    /// </summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(20);

    private const long AmountNanos = 1_000;

    private readonly EnforcerClient[] _clients;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _refused;

    /// <param name="target">The nodes.</param>
    /// <param name="first">The number of the first account.</param>
    /// <param name="count">How many accounts.</param>
    public ProbeTeam(Target target, int first, int count)
    {
        var addresses = target.Addresses.Select(address => address.GetLeftPart(UriPartial.Authority)).ToList();
        _clients = [.. addresses.Select((_, i) => new EnforcerClient(new EnforcerClientOptions
        {
            Endpoints = [.. addresses.Skip(i), .. addresses.Take(i)],
            Token = target.Token,
            DefaultTtl = Ttl,
        }))];
        Probes = [.. Enumerable.Range(0, count).Select(i => new Probe(first + i, (account, cancellation) => SpendAsync(_clients[i % _clients.Length], account, cancellation)))];
        _running = Task.WhenAll(Probes.Select(probe => Task.Run(() => probe.RunAsync(_stop.Token))));
    }

    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>Calls that were refused although nothing stands against them.</summary>
    public int Refused => _refused;

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach (var client in _clients)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task<bool> SpendAsync(EnforcerClient client, int account, CancellationToken cancellation)
    {
        try
        {
            var reservation = await client.ReserveAsync(AccountReference.FromName(new AccountName(AccountNames.Of(account))), AmountNanos, null, cancellation).ConfigureAwait(false);
            if (reservation.IsGranted)
                await reservation.ReleaseAsync(cancellation).ConfigureAwait(false);
            else
                Interlocked.Increment(ref _refused);
            return true;
        }
        catch (EnforcerException)
        {
            return false;
        }
    }
}
