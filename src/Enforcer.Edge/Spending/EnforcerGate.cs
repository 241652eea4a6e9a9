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
    private readonly ConcurrentDictionary<string, string> _accounts = [];
    private readonly RefusalReading _reading = new(client, clock);

    public async ValueTask<Intent?> PlanAsync(string key) => await AccountOfAsync(key).ConfigureAwait(false) is { } account
        ? new Intent(client.Session.Ids.Next(), client.Session.Ids.Next(), account)
        : null;

    public async ValueTask<Admission> ReserveAsync(Intent intent, string key, CallEstimate estimate)
    {
        var command = Wire.ReserveOf(intent, key, estimate, TtlMs);
        try
        {
            var outcome = await SessionCall.SendAsync(client.Session, command).ConfigureAwait(false);
            return outcome.Refusal == Refusal.Granted
                ? new Admission(new Held(intent, outcome.HeldNanos, outcome.OutputTokens), null)
                : new Admission(null, await _reading.ReadAsync(key, estimate.Model, outcome).ConfigureAwait(false));
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
            Account = new AccountName(held.Intent.Account),
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

    /// <summary>The name of a key's account. It never changes, so what is found is kept, up to a bound; whether the key is still in force Reserve asks every time.</summary>
    private async ValueTask<string?> AccountOfAsync(string key)
    {
        if (_accounts.TryGetValue(key, out var known))
            return known;
        try
        {
            var account = (await client.GetAsync(key).ConfigureAwait(false)).Account.Account;
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

    private GateClosedException Closed(EnforcerException failure)
    {
        EdgeLog.GateClosed(log, failure.Message);
        return new GateClosedException(failure.Message, failure);
    }
}
