using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Tests.Scenarios;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Tests.Model;
using Enforcer.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>
/// Whatever the prices and rules, whatever is used within what was estimated, in whatever order calls are settled, in parts or as a whole, and
/// whenever a month ends in between: no call is charged more than was held for it. Every step folds the journal anew, without any prices.
/// </summary>
public sealed class PricedCallProperties
{
    [Fact]
    public void No_call_is_charged_more_than_was_held_for_it() => Properties.Holds(
        from one in Cases.All
        from choices in Gen.ArrayOf(Gen.Choose(0, 1_000_000), 3 * Cases.UsagesPerCase)
        select (one, choices),
        story =>
        {
            var (one, choices) = story;
            if (one.ToOffer() is not { } offer || HasTwoMeaningsOfACounter(offer)) return;
            var run = new Run(offer, WithPricesAlone(one, offer));
            for (var i = 0; i < Cases.UsagesPerCase; i++) run.Reserve(i);
            foreach (var i in Enumerable.Range(0, Cases.UsagesPerCase).OrderBy(i => choices[i]))
            {
                if (choices[Cases.UsagesPerCase + i] % 4 == 0) run.GoOnInTheNextMonth();
                run.Settle(i, inParts: choices[(2 * Cases.UsagesPerCase) + i] % 2 == 0);
            }
            run.End();
        },
        runs: 1_500);

    /// <summary>The same calls without what has no price, which would be refused.</summary>
    private static Case WithPricesAlone(Case one, Offer offer)
    {
        var terms = one.Bound.Terms.Select(terms => terms.Tier is ServiceTier.Priority or ServiceTier.Fast ? terms with { Tier = ServiceTier.Flex } : terms).ToArray();
        var unpriced = offer.Bound(new UsageBound(one.Bound.Pools.Select(pool => pool with { Most = Math.Min(pool.Most, 1) }), terms), CountRange.Unknown).Unpriced;
        var bound = new UsageBound(one.Bound.Pools.Where(pool => !pool.Meters.Meters.Any(unpriced.Contains)), terms);
        var calls = one.Calls.Select((call, i) => (
            Usage.Of([.. call.Usage.Where(item => bound.Pools.Any(pool => pool.Meters.Contains(item.Meter))).Select(item => (item.Meter, item.Quantity))]),
            terms[i % terms.Length]));
        return one with { Bound = bound, Calls = [.. calls] };
    }

    private static bool HasTwoMeaningsOfACounter(Offer offer) => offer.Counters.GroupBy(counter => counter.Name).Any(same => same.Count() > 1);

    private sealed class Run(Offer offer, Case one)
    {
        private static readonly Usage OneRequest = Usage.Of((UsageMeters.Requests, 1));
        private readonly Account _account = Account.With(at: "2026-03-31 23:00");
        private readonly Offers _offers = new();
        private long _charged;

        public void Reserve(int call)
        {
            _offers.Add(offer);
            var estimate = new CallEstimate { Bound = one.Bound, Offer = offer };
            _account.Do(new Command { Kind = CommandKind.Reserve, Model = "m", Call = estimate, TtlMs = LedgerBounds.MaxTtlMs }, Name(call));
            // No price for something, or more than any account can count.
            if (!_account.Last.IsGranted) _account.Refused(_account.Last.Refusal);
        }

        public void GoOnInTheNextMonth() => _account.At("2026-04-01 08:00").Reload();

        public void Settle(int call, bool inParts)
        {
            if (_account.State.Reservations.ToSortedArray().All(open => open.Id != IdOf(call))) return;
            var held = _account.State.Reservations.Find(IdOf(call)).HeldNanos;
            var (usage, terms) = one.Calls[call];
            // A request is counted for whoever counts none himself; it must be within the bound like all else.
            if (usage[UsageMeters.Requests] == 0 && !one.Bound.Contains(usage.Plus(OneRequest))) return;
            var first = Usage.Of([.. usage.Select(item => (item.Meter, inParts ? item.Quantity / 2 : 0))]);
            var charged = inParts ? Commit(call, first, terms, final: false) : 0;
            charged += Commit(call, Usage.Of([.. usage.Select(item => (item.Meter, item.Quantity - first[item.Meter]))]), terms, final: true);
            Assert.True(charged <= held, $"{charged} is charged, {held} were held");
            _charged += charged;
        }

        public void End() => Assert.Equal(_charged, _account.State.CommittedNanos);

        private long Commit(int call, Usage usage, CallTerms terms, bool final)
        {
            var report = new CallReport { Usage = usage, Terms = terms, Offers = _offers };
            _account.Do(new Command { Kind = CommandKind.Commit, ReservationId = IdOf(call), Final = final, Call = report });
            return _account.Last.ChargedNanos;
        }

        private OperationId IdOf(int call) => _account.TryIdOf(Name(call));

        private static string Name(int call) => $"call {call}";
    }
}
