using System.Collections.Concurrent;
using Enforcer.Client;
using Enforcer.Edge.Observability;
using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Spending;

/// <summary>The gate over the SDK's one session.</summary>
internal sealed class EnforcerGate(EnforcerClient client, TimeSpan ttl, TimeProvider clock, ILogger log) : ISpendGate
{
    private const int MostNames = 100_000;
    private readonly ConcurrentDictionary<string, string> _accounts = [];
    private readonly RefusalReading _reading = new(client, clock);

    public async ValueTask<Admission> ReserveAsync(string key, CallEstimate estimate, CancellationToken cancellation)
    {
        try
        {
            // What has no price is still held by the smallest amount: the key is checked, and its rates count the call.
            var options = new ReserveOptions { Ttl = ttl };
            var reservation = estimate.FlatNanos is { } flat
                ? await client.ReserveAsync(key, Math.Max(1, flat), options, cancellation).ConfigureAwait(false)
                : await client.ReserveAsync(key, estimate.Model, Wire.EstimateOf(estimate), options, cancellation).ConfigureAwait(false);
            if (!reservation.IsGranted)
                return new Admission(null, await _reading.ReadAsync(key, reservation.Refusal).ConfigureAwait(false));
            var account = await AccountOfAsync(key, reservation).ConfigureAwait(false);
            return new Admission(new Held(reservation.Id, client.Session.Ids.Next(), account, reservation.HeldNanos, reservation.OutputTokens), null);
        }
        catch (EnforcerException failure)
        {
            throw Closed(failure);
        }
    }

    public async ValueTask<long?> ExtendAsync(Held held, long moreOutputTokens)
    {
        var command = new SessionCommand
        {
            Kind = SessionCommandKind.Extend,
            OperationId = client.Session.Ids.Next(),
            Account = new AccountName(held.Account),
            ReservationId = held.ReservationId,
            Estimate = moreOutputTokens > 0 ? new UsageEstimate { OutputTokens = moreOutputTokens } : null,
            TtlMs = ttl.Ticks / TimeSpan.TicksPerMillisecond,
        };
        try
        {
            var outcome = await SessionCall.SendAsync(client.Session, command).ConfigureAwait(false);
            return outcome.Refusal == Refusal.Granted ? outcome.OutputTokens : null;
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
            return ResultOf(outcome.Refusal);
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

    /// <summary>Another body under the id of an attempt that had an effect, and a reservation that has ended, both mean: it is booked.</summary>
    private static SettleResult ResultOf(Refusal refusal) => refusal switch
    {
        Refusal.Granted or Refusal.ReservationFinished or Refusal.OperationConflict => SettleResult.Done,
        Refusal.UnknownReservation or Refusal.UnknownAccount or Refusal.ExpiredOperation => SettleResult.Never,
        _ => SettleResult.Later,
    };

    /// <summary>The name of the account: settlements name it, because the key may be revoked before the call ends, and is no thing to write on disk.</summary>
    private async ValueTask<string> AccountOfAsync(string key, Reservation reservation)
    {
        if (_accounts.TryGetValue(key, out var known))
            return known;
        try
        {
            var account = (await client.GetAsync(key).ConfigureAwait(false)).Account.Account;
            if (_accounts.Count >= MostNames)
                _accounts.Clear();
            _accounts[key] = account;
            return account;
        }
        catch (EnforcerException)
        {
            await reservation.ReleaseAsync().ConfigureAwait(false);
            throw;
        }
    }

    private GateClosedException Closed(EnforcerException failure)
    {
        EdgeLog.GateClosed(log, failure.Message);
        return new GateClosedException(failure.Message, failure);
    }
}
