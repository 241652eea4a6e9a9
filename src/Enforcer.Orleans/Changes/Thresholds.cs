using Enforcer.Host;

namespace Enforcer.Orleans;

/// <summary>Finds which shares of their caps accounts have reached since they were looked at last.</summary>
internal sealed class Thresholds
{
    private readonly Dictionary<long, Dictionary<string, (long WindowStartMs, int Percent)>> _reached = [];

    /// <summary>What is reached now and was not before; everything is new of an account that was not looked at yet.</summary>
    public IEnumerable<ThresholdCrossing> Look(AccountReading reading)
    {
        if (!_reached.TryGetValue(reading.Account, out var before)) _reached[reading.Account] = before = [];
        foreach (var (limit, use) in reading.Spend)
        {
            var last = before.TryGetValue(limit.Label, out var known) && known.WindowStartMs == use.StartMs ? known.Percent : 0;
            var now = limit.CapNanos == 0 ? 0 : ChangeStreams.Percents.LastOrDefault(percent => (Int128)use.CommittedNanos * 100 >= (Int128)limit.CapNanos * percent);
            before[limit.Label] = (use.StartMs, now);
            foreach (var percent in ChangeStreams.Percents.Where(percent => percent > last && percent <= now))
                yield return new ThresholdCrossing(reading.Account, reading.Seq, limit.Label, use.StartMs, percent, use.CommittedNanos, limit.CapNanos);
        }
    }

    /// <summary>Forgets accounts that are not in memory any more, once they are more than those that are.</summary>
    public void Forget(AccountHost host)
    {
        if (_reached.Count <= 2L * host.ActiveAccounts + 1_000) return;
        foreach (var account in _reached.Keys.Where(account => !host.MayBeActive(account)).ToList()) _reached.Remove(account);
    }
}
