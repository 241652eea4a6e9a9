using System.Collections.Concurrent;
using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Microsoft.Extensions.Logging;
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

    /// <summary>
    /// So many accounts are looked for at a time; the others wait for their turn. A crowd of grains that are made at once takes longer than calls may, and then
    /// Orleans gives all of them up.
    /// </summary>
    private const int MostSought = 128;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<long, Task<SiloAddress>> _places = new();
    private readonly ConcurrentDictionary<SiloAddress, PeerLink> _links = new();
    private readonly IGrainFactory _grains;
    private readonly ISiloStatusOracle _silos;
    private readonly ICallMessages _calls;
    private readonly OrleansOptions _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _tick;
    private readonly Func<SiloAddress, PeerLink> _makeLink;
    private readonly SemaphoreSlim _turns = new(MostSought);
    private long _passedOn;
    private long _frames;
    private int _waiting;

    public SiloRouter(
        IGrainFactory grains, SiloPorts ports, ISiloStatusOracle silos, ICallMessages calls, OrleansOptions options, TimeProvider clock, ILogger<SiloRouter> log)
    {
        (_grains, _silos, _calls, _options, _clock) = (grains, silos, calls, options, clock);
        _makeLink = silo => new PeerLink(
            silos.TryGetSiloName(silo, out var name) ? name : silo.ToString(), Guid.Empty, () => Task.FromResult<IPeerConnection>(new SiloConnection(ports.Of(silo))),
            options.RequestTimeout, clock, WorkPool.Threads, log, () => Interlocked.Increment(ref _frames));
        _tick = clock.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>Requests that went to silos.</summary>
    public long PassedOn => Interlocked.Read(ref _passedOn);

    /// <summary>Frames in which they went.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Accounts of which it is remembered where they are.</summary>
    public int Routes => _places.Count;

    /// <summary>
    /// Sends a request to where its account was last; it may wait for others, and <paramref name="outbound"/> is told where. False if nobody has looked for the
    /// account yet.
    /// </summary>
    public bool TrySend(long account, PeerRequest request, OutboundCommands outbound)
    {
        if (!_places.TryGetValue(account, out var place) || !place.IsCompletedSuccessfully) return false;
        Send(place.Result, request, outbound);
        return true;
    }

    /// <summary>Asks an account until there is an answer; the last answer that was none, when time is over.</summary>
    /// <param name="request">What.</param>
    /// <param name="seed">Spreads those who ask again.</param>
    /// <param name="end">The clock's timestamp at which nobody waits any more.</param>
    /// <param name="cancel">Waits no longer.</param>
    public async Task<AccountAnswer> AskAsync(AccountRequest request, ulong seed, long end, CancellationToken cancel)
    {
        if (Volatile.Read(ref _waiting) >= _options.MaxWaiting) return new AccountAnswer(Outcome.Refuse(Refusal.Busy, 0), null);
        var answer = AccountAnswer.Unknown;
        var isLost = false;
        for (var pauseMs = FirstPauseMs; ; pauseMs = Math.Min(2 * pauseMs, LongestPauseMs))
        {
            Task<SiloAddress>? place = null;
            Interlocked.Increment(ref _waiting);
            try
            {
                place = _places.TryGetValue(request.Account, out var known) ? known : Locate(request.Account, isLost, end);
                var sent = new SentRequest(request, _calls, _clock, end);
                Send(place.IsCompletedSuccessfully ? place.Result : await place.WaitAsync(RestOf(end), _clock, cancel).ConfigureAwait(false), sent);
                answer = await sent.Answer.WaitAsync(cancel).ConfigureAwait(false);
                if (answer.IsAnswer) return answer;
                isLost = answer.Other!.Kind == V1.NodeAnswerKind.NotMine;
            }
            catch (Exception) when (!cancel.IsCancellationRequested)
            {
                // A grain that could not claim the account, or whose silo died: it is asked again.
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
            if (place is { IsCompleted: true }) _places.TryRemove(new KeyValuePair<long, Task<SiloAddress>>(request.Account, place));
            var rest = RestOf(end).TotalMilliseconds;
            if (rest <= 0) return answer;
            // Two silos that both want the account must not meet again and again.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(rest, pauseMs + (double)(seed % (ulong)pauseMs))), _clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Asks nobody any more.</summary>
    public void Dispose() => _tick.Dispose();

    private void Send(SiloAddress silo, PeerRequest request, OutboundCommands? outbound = null)
    {
        Interlocked.Increment(ref _passedOn);
        // One that is broken may have been to a silo that lives: a call can fail.
        for (var link = _links.GetOrAdd(silo, _makeLink); !link.TrySend(request, outbound); link = _links.GetOrAdd(silo, _makeLink)) Forget(silo, link);
    }

    private void Forget(SiloAddress silo, PeerLink link) => _links.TryRemove(new KeyValuePair<SiloAddress, PeerLink>(silo, link));

    private Task<SiloAddress> Locate(long account, bool again, long end)
    {
        // Which are forgotten matters little: each costs one question more.
        if (_places.Count >= _options.MaxRoutes) _places.Clear();
        return _places.GetOrAdd(account, static (account, ask) => ask.Router.LocateAsync(account, ask.Again, ask.End), (Router: this, Again: again, End: end));
    }

    private async Task<SiloAddress> LocateAsync(long account, bool again, long end)
    {
        using (var patience = new CancellationTokenSource(RestOf(end), _clock)) await _turns.WaitAsync(patience.Token).ConfigureAwait(false);
        try
        {
            return await _grains.GetGrain<IAccountGrain>(account).LocateAsync(again).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>How long somebody still waits; zero if nobody does.</summary>
    private TimeSpan RestOf(long end) => TimeSpan.FromTicks(Math.Max(0, _clock.GetElapsedTime(_clock.GetTimestamp(), end).Ticks));

    private void Tick()
    {
        var now = _clock.GetTimestamp();
        foreach (var (silo, link) in _links)
        {
            if (_silos.IsDeadSilo(silo)) link.Close("its silo is dead");
            else link.Tick(now);
            if (link.IsClosed) Forget(silo, link);
        }
    }
}
