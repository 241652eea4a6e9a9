using System.Collections.Concurrent;
using Enforcer.Client;
using Enforcer.Edge.Observability;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Spending;

/// <summary>The gate over the SDK's one session.</summary>
internal sealed class EnforcerGate(EnforcerClient client, TimeSpan ttl, TimeProvider clock, ILogger log) : ISpendGate
{
    private const int MostNames = 100_000;
    private static readonly AccountName Nobody = new("readiness");
    private readonly ConcurrentDictionary<string, KnownAccount> _accounts = [];

    public async ValueTask<Intent?> PlanAsync(string key) => await AccountOfAsync(key).ConfigureAwait(false) is { } account
        ? new Intent(client.Session.Ids.Next(), client.Session.Ids.Next(), account)
        : null;

    public async ValueTask<string?> ProblemAsync()
    {
        try
        {
            await client.GetAsync(Nobody).ConfigureAwait(false);
            return null;
        }
        catch (EnforcerException failure)
        {
            // That there is no such account is an answer too, given to whoever may ask.
            return failure.Code == GrpcStatus.NotFound ? null : $"Enforcer cannot be asked: {failure.Message}";
        }
    }

    public async ValueTask<Admission> ReserveAsync(Intent intent, string key, CallEstimate estimate)
    {
        var command = Wire.ReserveOf(intent, key, estimate, TtlMs);
        try
        {
            var outcome = await SessionCall.SendAsync(client.Session, command).ConfigureAwait(false);
            if (outcome.Refusal == Refusal.Granted)
                return new Admission(new Held(intent, outcome.HeldNanos, outcome.OutputTokens, Take(key, intent.Account, outcome.HeldTokens)), null);
            // A refusal is told with figures that are not older than it.
            if (RefusalReading.TellsRates(outcome.Refusal))
                await LearnAsync(key, intent.Account).ConfigureAwait(false);
            return new Admission(null, RefusalReading.Read(estimate.Model, outcome, intent.Account));
        }
        catch (EnforcerException failure)
        {
            throw Closed(failure);
        }
    }

    public async ValueTask<Held?> ExtendAsync(Held held, long moreOutputTokens)
    {
        var command = new SessionCommand
        {
            Kind = SessionCommandKind.Extend,
            OperationId = client.Session.Ids.Next(),
            Account = new AccountName(held.Intent.Account.Name),
            ReservationId = held.ReservationId,
            Estimate = moreOutputTokens > 0 ? new UsageEstimate { OutputTokens = moreOutputTokens } : null,
            TtlMs = TtlMs,
        };
        try
        {
            var outcome = await SessionCall.SendAsync(client.Session, command).ConfigureAwait(false);
            return outcome.Refusal == Refusal.Granted ? held with { Nanos = outcome.HeldNanos, OutputTokens = outcome.OutputTokens } : null;
        }
        catch (EnforcerException failure)
        {
            throw Closed(failure);
        }
    }

    public async ValueTask<SettleResult> SettleAsync(Settlement settlement)
    {
        try
        {
            var outcome = await SessionCall.SendAsync(client.Session, Wire.CommandOf(settlement)).ConfigureAwait(false);
            if (outcome.Refusal is Refusal.Unpriced)
            {
                // The provider has billed what nobody has a price for. It is not for the customer to pay nothing.
                EdgeLog.SettlementRefused(log, settlement.ReservationId, outcome.Detail?.Message ?? "");
                var whole = settlement with { FlatNanos = settlement.HeldNanos };
                outcome = await SessionCall.SendAsync(client.Session, Wire.CommandOf(whole)).ConfigureAwait(false);
            }
            return ResultOf(outcome.Refusal, settlement.IsRelease);
        }
        catch (EnforcerException failure)
        {
            EdgeLog.GateClosed(log, failure.Message);
            return SettleResult.Later;
        }
        catch (ObjectDisposedException)
        {
            return SettleResult.Later;
        }
    }

    private long TtlMs => ttl.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Another body under the id of an attempt that had an effect, and a reservation that has ended, both mean: it is booked.</summary>
    private static SettleResult ResultOf(Refusal refusal, bool isRelease) => refusal switch
    {
        Refusal.Granted or Refusal.ReservationFinished or Refusal.OperationConflict => SettleResult.Done,
        // What was never made needs not be given back.
        Refusal.UnknownReservation when isRelease => SettleResult.Done,
        Refusal.UnknownReservation or Refusal.UnknownAccount or Refusal.ExpiredOperation => SettleResult.Never,
        _ => SettleResult.Later,
    };

    /// <summary>The account of a key. Its name never changes, so what is found is kept, up to a bound; whether the key is still in force Reserve asks every time.</summary>
    private async ValueTask<KnownAccount?> AccountOfAsync(string key)
    {
        if (_accounts.TryGetValue(key, out var known))
            return known;
        try
        {
            var account = new KnownAccount((await client.GetAsync(key).ConfigureAwait(false)).Account, clock);
            if (_accounts.Count >= MostNames)
                _accounts.Clear();
            return _accounts[key] = account;
        }
        catch (EnforcerException failure) when (failure.Code == GrpcStatus.NotFound)
        {
            return null;
        }
        catch (EnforcerException failure)
        {
            throw Closed(failure);
        }
    }

    private RateStanding? Take(string key, KnownAccount account, long tokens)
    {
        var rates = account.Take(tokens, out var isOld);
        // For later calls: this one does not wait for it.
        if (isOld)
            _ = LearnAsync(key, account);
        return rates;
    }

    /// <summary>Asks how the account stands; where that fails, what is known stays.</summary>
    private async Task LearnAsync(string key, KnownAccount account)
    {
        AccountView? view = null;
        try
        {
            view = (await client.GetAsync(key).ConfigureAwait(false)).Account;
        }
        catch (EnforcerException)
        {
            // Figures for headers are not worth a word; a Reserve that fails is told.
        }
        finally
        {
            account.Learn(view);
        }
    }

    private GateClosedException Closed(EnforcerException failure)
    {
        EdgeLog.GateClosed(log, failure.Message);
        return new GateClosedException(failure.Message, failure);
    }
}
