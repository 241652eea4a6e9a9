using System.Collections.Concurrent;
using Enforcer.Cluster;
using Enforcer.Ledger;
using Orleans;
using Orleans.Runtime;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>
/// Brings what accounts are asked to their silos: where an account is, its grain says, once; from then on requests go to that silo directly, until it says
/// that the account is not there.
/// </summary>
/// <remarks>
/// What is remembered decides nothing: a silo answers for what is in its memory alone, and whether it may is for the journal to say. Whoever's answer is
/// lost asks again until the time is over; commands have an operation id, which sees to it that they take effect once.
/// </remarks>
internal sealed class SiloRouter : IDisposable
{
    private const int FirstPauseMs = 5;
    private const int LongestPauseMs = 200;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<long, Task<SiloAddress>> _places = new();
    private readonly ConcurrentDictionary<SiloAddress, SiloLink> _links = new();
    private readonly IGrainFactory _grains;
    private readonly ISiloStatusOracle _silos;
    private readonly OrleansOptions _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _tick;
    private readonly Func<SiloAddress, SiloLink> _makeLink;
    private long _passedOn;

    public SiloRouter(IGrainFactory grains, SiloPorts ports, ISiloStatusOracle silos, ICallMessages calls, OrleansOptions options, TimeProvider clock)
    {
        (_grains, _silos, _options, _clock) = (grains, silos, options, clock);
        _makeLink = silo => new SiloLink(ports.Of(silo), calls, options.MaxWaiting, clock);
        _tick = clock.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>Requests that went to silos.</summary>
    public long PassedOn => Interlocked.Read(ref _passedOn);

    /// <summary>Accounts of which it is remembered where they are.</summary>
    public int Routes => _places.Count;

    /// <summary>Asks an account until there is an answer; the last answer that was none, when time is over.</summary>
    /// <param name="request">What.</param>
    /// <param name="seed">Spreads those who ask again.</param>
    /// <param name="end">The clock's timestamp at which nobody waits any more.</param>
    /// <param name="cancel">Waits no longer.</param>
    public async Task<AccountAnswer> AskAsync(AccountRequest request, ulong seed, long end, CancellationToken cancel)
    {
        var answer = AccountAnswer.Unknown;
        var isLost = false;
        for (var pauseMs = FirstPauseMs; ; pauseMs = Math.Min(2 * pauseMs, LongestPauseMs))
        {
            Task<SiloAddress>? place = null;
            try
            {
                place = _places.TryGetValue(request.Account, out var known) ? known : Locate(request.Account, isLost);
                var silo = place.IsCompletedSuccessfully ? place.Result : await place.WaitAsync(cancel).ConfigureAwait(false);
                Interlocked.Increment(ref _passedOn);
                if (_links.GetOrAdd(silo, _makeLink).Ask(request, end) is not { } asked) return new AccountAnswer(Outcome.Refuse(Refusal.Busy, 0), null);
                answer = await asked.WaitAsync(cancel).ConfigureAwait(false);
                if (answer.IsAnswer) return answer;
                isLost = answer.Other!.Kind == V1.NodeAnswerKind.NotMine;
            }
            catch (Exception) when (!cancel.IsCancellationRequested)
            {
                // A grain that could not claim the account, or whose silo died: it is asked again.
            }
            if (place is not null) _places.TryRemove(new KeyValuePair<long, Task<SiloAddress>>(request.Account, place));
            var rest = _clock.GetElapsedTime(_clock.GetTimestamp(), end).TotalMilliseconds;
            if (rest <= 0) return answer;
            // Two silos that both want the account must not meet again and again.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(rest, pauseMs + (double)(seed % (ulong)pauseMs))), _clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Asks nobody any more.</summary>
    public void Dispose() => _tick.Dispose();

    private Task<SiloAddress> Locate(long account, bool again)
    {
        // Which are forgotten matters little: each costs one question more.
        if (_places.Count >= _options.MaxRoutes) _places.Clear();
        return _places.GetOrAdd(account, static (account, its) => its.Grains.GetGrain<IAccountGrain>(account).LocateAsync(its.Again).AsTask(), (Grains: _grains, Again: again));
    }

    private void Tick()
    {
        var now = _clock.GetTimestamp();
        foreach (var (silo, link) in _links)
        {
            link.Tick(now);
            if (link.IsIdle && _silos.IsDeadSilo(silo)) _links.TryRemove(silo, out _);
        }
    }
}
