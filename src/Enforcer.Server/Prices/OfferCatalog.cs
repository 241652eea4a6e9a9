using System.Collections.Concurrent;
using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Server.Prices;

/// <summary>
/// Offers at hand: by account, model and provider for what is reserved now, and by pin for what is committed. Bounded; what is not at hand is made
/// again. After a change nothing that was made before it is found for new calls.
/// </summary>
/// <remarks>
/// A look-up that began before a change may end after it: its answer is told, as if the call had come before the change, but not kept. What is found by
/// a pin never goes out of date.
/// </remarks>
internal sealed class OfferCatalog(OfferMaker maker, PriceStore store, IAccountDirectory accounts, TimeProvider clock) : IOfferSource
{
    private const int MaxAccounts = 128 * 1024;
    private const int MaxOffers = 4_096;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<long, (PlanChoice Choice, string Id, string Unit)> _accounts = new();
    private readonly ConcurrentDictionary<OfferKey, OfferAnswer> _answers = new();
    private readonly ConcurrentDictionary<PinKey, Offer> _byPin = new();
    private long _generation;

    /// <summary>The answer for an account, if it is at hand.</summary>
    public bool TryFind(AccountTarget account, string model, string? provider, long nowMs, out OfferAnswer? answer)
    {
        answer = null;
        return _accounts.TryGetValue(account.Number, out var pricing)
            && _answers.TryGetValue(new OfferKey(pricing.Id, pricing.Unit, model, provider), out answer)
            && nowMs < answer.ValidUntilMs;
    }

    /// <summary>The answer for an account, made if need be.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public async ValueTask<OfferAnswer> FindAsync(AccountTarget account, string model, string? provider, long nowMs, CancellationToken cancel)
    {
        if (TryFind(account, model, provider, nowMs, out var known)) return known!;
        var generation = Volatile.Read(ref _generation);
        var pricing = await PricingOfAsync(account.Number, cancel).ConfigureAwait(false);
        var answer = await maker.MakeAsync(pricing.Choice, pricing.Unit, model, provider, nowMs, cancel).ConfigureAwait(false);
        if (answer.Offer is { } offer) Keep(_byPin, new PinKey(offer.Pin, offer.Model.Provider, offer.Model.Model), offer, MaxOffers);
        if (generation != Volatile.Read(ref _generation)) return answer;
        Keep(_accounts, account.Number, pricing, MaxAccounts);
        Keep(_answers, new OfferKey(pricing.Id, pricing.Unit, model, provider), answer, MaxOffers);
        // A change may have come between the question and the keeping.
        if (generation != Volatile.Read(ref _generation)) Forget();
        return answer;
    }

    /// <inheritdoc/>
    public Offer? Find(PricedCall reservation) => _byPin.GetValueOrDefault(KeyOf(reservation));

    /// <summary>The offer that a reservation or an entry is pinned to.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read, or lacks it.</exception>
    public async ValueTask<Offer> FetchAsync(PricedCall pinned, CancellationToken cancel)
    {
        if (Find(pinned) is { } known) return known;
        var offer = await maker.MakeAsync(pinned, cancel).ConfigureAwait(false);
        Keep(_byPin, KeyOf(pinned), offer, MaxOffers);
        return offer;
    }

    /// <summary>Prices, plans or choices have changed: new calls are priced by what is there now.</summary>
    public void Change()
    {
        Interlocked.Increment(ref _generation);
        Forget();
    }

    /// <summary>Looks every few seconds whether another node has changed something, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var seen = 0L;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LookAgain, clock, cancel).ConfigureAwait(false);
                var count = await store.CountAsync(cancel).ConfigureAwait(false);
                if (count != seen) Change();
                seen = count;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (DirectoryException)
            {
                // Readiness tells it; what is at hand counts until the directory is back.
            }
        }
    }

    private async ValueTask<(PlanChoice Choice, string Id, string Unit)> PricingOfAsync(long number, CancellationToken cancel)
    {
        if (_accounts.TryGetValue(number, out var known)) return known;
        var account = await accounts.FindAsync(number, cancel).ConfigureAwait(false)
            ?? throw new DirectoryException($"Account number {number} is not in the directory.");
        var record = await store.FindChoiceAsync(number, cancel).ConfigureAwait(false);
        var choice = record is null ? PlanChoice.None : await store.ReadChoiceAsync(record, cancel).ConfigureAwait(false);
        return (choice, record?.ContentId ?? "", account.Unit);
    }

    private void Forget()
    {
        _accounts.Clear();
        _answers.Clear();
    }

    private static void Keep<TKey, TValue>(ConcurrentDictionary<TKey, TValue> map, TKey key, TValue value, int bound)
        where TKey : notnull
    {
        if (map.Count >= bound) map.Clear();
        map[key] = value;
    }

    private static PinKey KeyOf(PricedCall call) => new(call.Pin, call.Provider, call.Model);
}
