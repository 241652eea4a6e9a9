using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Enforcer.Orleans;

/// <summary>Publishes what has changed on this silo, in bulk, and never what is not durable.</summary>
internal sealed class ChangePublisher(
    ChangedAccounts changed, OwnedAccounts accounts, ChangeStreams streams, OrleansOptions options, TimeProvider clock, ILogger<ChangePublisher> log) : IDisposable
{
    /// <summary>The most accounts whose balances are published at once; the others' turn is next, with what they are then.</summary>
    private const int MostAtOnce = 1_000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Thresholds _thresholds = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins to publish.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Publishes no more.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        while (await ClockWaits.TryAsync(clock, options.PublishInterval, _stopping.Token).ConfigureAwait(false))
        {
            try
            {
                await PublishAsync(_stopping.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever the streams' provider throws: nobody depends on them.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (!_stopping.IsCancellationRequested) OrleansLog.NotPublished(log, failure.Message);
            }
        }
    }

    private async Task PublishAsync(CancellationToken cancel)
    {
        var operators = await OperatorsAsync(cancel).ConfigureAwait(false);
        if (operators.Count > 0) await streams.Operators.OnNextBatchAsync(operators).ConfigureAwait(false);
        var readings = (await Task.WhenAll(changed.TakeAccounts(MostAtOnce).Select(account => ReadAsync(account, cancel))).ConfigureAwait(false)).OfType<AccountReading>().ToList();
        if (readings.Count == 0) return;
        await streams.Balances.OnNextBatchAsync(readings.Select(BalanceOf)).ConfigureAwait(false);
        var crossings = readings.SelectMany(_thresholds.Look).ToList();
        if (crossings.Count > 0) await streams.Thresholds.OnNextBatchAsync(crossings).ConfigureAwait(false);
        _thresholds.Forget(accounts.Host);
    }

    private async Task<List<OperatorChange>> OperatorsAsync(CancellationToken cancel)
    {
        var durable = new List<OperatorChange>();
        while (changed.TryTakeOperator(out var change, out var ticket))
        {
            try
            {
                await accounts.Host.WhenDurableAsync(ticket).AsTask().WaitAsync(cancel).ConfigureAwait(false);
                durable.Add(change);
            }
            catch (JournalLostException)
            {
                // It never happened.
            }
        }
        return durable;
    }

    /// <summary>The account's durable balances; null if it is not here any more.</summary>
    private async Task<AccountReading?> ReadAsync(long account, CancellationToken cancel)
    {
        try
        {
            return await accounts.ReadAsync(account, cancel).ConfigureAwait(false);
        }
        catch (JournalElsewhereException)
        {
            return null;
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException)
        {
            changed.Add(account);
            return null;
        }
    }

    private static AccountBalance BalanceOf(AccountReading reading) => new(reading.Account, reading.Seq, ReadingMessages.Of(reading).ToByteArray());
}
