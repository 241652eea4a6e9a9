using Enforcer.Host.Activations;
using Enforcer.Host.Heads;
using Enforcer.Journal.Committing;
using Microsoft.Extensions.Logging;

namespace Enforcer.Host;

/// <summary>
/// What goes on besides commands: ends reservations that are due, also of accounts that left memory; hands heads and
/// snapshots of changed accounts to the journal; lets idle accounts leave memory; and, after a start, completes the heads
/// that the process before left behind.
/// </summary>
public sealed class HostUpkeep
{
    private const int DueAtOnce = 256;
    private const int UncoveredAtOnce = 4_096;
    private const long SlowIntervalMs = 1_000;
    private readonly AccountHost _host;
    private readonly JournalHeads _heads;
    private readonly TimeProvider _clock;
    private readonly ILogger<HostUpkeep> _log;
    private readonly Reclaiming _reclaiming = new();
    private readonly long _leftBehindThrough;

    /// <summary>Makes the upkeep of a host.</summary>
    public HostUpkeep(AccountHost host, JournalHeads heads, TimeProvider clock, ILogger<HostUpkeep> log)
    {
        _host = host;
        _heads = heads;
        _clock = clock;
        _log = log;
        _leftBehindThrough = host.Context.Journal.DurableBatch;
    }

    /// <summary>Runs until cancelled; then writes the heads a last time.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var options = _host.Options;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.ExpiryTickMs), _clock);
        var now = _host.NowMs;
        var headsDue = new Recurrence(options.HeadsIntervalMs, now + options.HeadsIntervalMs);
        var (leftBehindDue, slowDue) = (new Recurrence(SlowIntervalMs, now), new Recurrence(SlowIntervalMs, now));
        var round = new HeadRound([], 0, 0);
        while (await NextAsync(timer, stopping).ConfigureAwait(false))
        {
            now = _host.NowMs;
            if (headsDue.IsDue(now) && round.IsDone) round = new HeadRound(TakeChanged(), now, headsDue.PutOff(now));
            await Try("expiry", () => { EndDue(now); return Task.CompletedTask; }, stopping).ConfigureAwait(false);
            await Try("heads", () => round.WriteUntilAsync(now + options.ExpiryTickMs, _host, _heads, stopping), stopping).ConfigureAwait(false);
            if (leftBehindDue.IsDue(now) && !await Try("heads", () => CompleteLeftBehindAsync(stopping), stopping).ConfigureAwait(false))
                leftBehindDue.PutOff(now);
            if (!slowDue.IsDue(now)) continue;
            await Try("idle", () => WakeAndEvictAsync(now, stopping), stopping).ConfigureAwait(false);
            slowDue.PutOff(now);
        }
        round.PutBack(_host);
        await Try("heads", WriteLastHeadsAsync, CancellationToken.None).ConfigureAwait(false);
    }

    private Task WriteLastHeadsAsync() => new HeadRound(TakeChanged(), 0, 0).WriteUntilAsync(0, _host, _heads, CancellationToken.None);

    /// <summary>
    /// What the process before left behind is completed at once, not when heads are due: a process that is killed again and again before that would leave more
    /// each time, and each start would take longer. All of it at once: it gets its share of the reads beside the many accounts that commands wait for.
    /// </summary>
    private Task CompleteLeftBehindAsync(CancellationToken cancel)
    {
        // Soon nothing is left, and this is asked for ever. And while a journal cannot be written, nothing can be read for it either.
        if (_heads.CoveredThrough >= _leftBehindThrough || _host.Context.Journal.LastError is not null) return Task.CompletedTask;
        var loaded = new List<Activation>();
        foreach (var account in _heads.Oldest(UncoveredAtOnce, _leftBehindThrough))
        {
            if (_host.Find(account) is { } activation) loaded.Add(activation);
            else Touch(account);
        }
        return new HeadRound(loaded, 0, 0).WriteUntilAsync(0, _host, _heads, cancel);
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void EndDue(long nowMs)
    {
        while (_host.Context.Expiries.TryTake(nowMs, out var account, out var wakeMs)) _host.Find(account)?.Wake(wakeMs, nowMs);
    }

    /// <summary>The accounts whose heads are due. What is still open in them is waited for from now on, whatever becomes of their heads.</summary>
    private List<Activation> TakeChanged()
    {
        var changed = _host.Context.Changed;
        var taken = new List<Activation>();
        for (var left = changed.Count; left > 0 && changed.TryDequeue(out var activation); left--) taken.Add(activation);
        foreach (var activation in taken) activation.PlanWake();
        return taken;
    }

    private async Task WakeAndEvictAsync(long nowMs, CancellationToken cancel)
    {
        // Accounts with entries that no head covers and that are not in memory: the process before, or a dropped activation,
        // left them behind. In memory they list themselves.
        foreach (var account in _heads.Oldest(UncoveredAtOnce)) Touch(account);
        foreach (var due in await _heads.ReadDueAsync(nowMs, DueAtOnce, cancel).ConfigureAwait(false)) Touch(due.Account);
        var (gaveBack, remaining) = (0, 0);
        foreach (var activation in _host.Activations)
        {
            var hasLeft = activation.TryEvict(nowMs, out var takesLess);
            if (hasLeft) _host.Forget(activation);
            else remaining++;
            if (hasLeft || takesLess) gaveBack++;
        }
        _reclaiming.Note(gaveBack, remaining);
    }

    /// <summary>What is damaged cannot be loaded, however often that is tried.</summary>
    private void Touch(long account)
    {
        if (!_heads.Damaged.Contains(account)) _host.Touch(account);
    }

    private async Task<bool> Try(string step, Func<Task> work, CancellationToken stopping)
    {
        try
        {
            await work().ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was given up is due again, and heads are written a last time.
        }
        catch (Exception exception)
        {
            // Commands do not depend on upkeep; a fault here must not end it.
            HostLog.UpkeepFailed(_log, step, exception);
        }
        return false;
    }
}
