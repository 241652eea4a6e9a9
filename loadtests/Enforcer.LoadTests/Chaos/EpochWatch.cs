using System.Net.Sockets;
using Npgsql;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// Reads all heads again and again while a cluster runs: an account's epoch never falls, and rises with each new owner. If two nodes had it at once under one epoch, this would
/// be seen here or in the chain of its entries.
/// </summary>
internal sealed class EpochWatch(ChaosCluster cluster)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<long, (int Node, long Epoch)> _last = [];

    /// <summary>What was seen that must not be, in words.</summary>
    public List<string> Violations { get; } = [];

    public int Looks { get; private set; }

    /// <summary>How often an account was seen with another owner than before.</summary>
    public long Moves { get; private set; }

    /// <summary>Looks until it is told to stop, then once more.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LookAsync().ConfigureAwait(false);
            }
            catch (Exception away) when (away is NpgsqlException or IOException or SocketException or TimeoutException)
            {
                // It is down, as it should be now and then.
            }

            await Task.Delay(Between, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await LookAsync().ConfigureAwait(false);
    }

    private async Task LookAsync()
    {
        await using var connection = await cluster.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("SELECT account, node, epoch FROM enforcer.heads", connection);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            Compare(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2));
        }

        Looks++;
    }

    private void Compare(long account, int node, long epoch)
    {
        if (_last.TryGetValue(account, out var last))
        {
            if (epoch < last.Epoch || (node != last.Node && epoch == last.Epoch))
                Violations.Add($"account {account}: node {last.Node} had it in epoch {last.Epoch}, now node {node} has it in epoch {epoch}");
            if (node != last.Node)
                Moves++;
        }

        _last[account] = (node, epoch);
    }
}
