using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>What an edge asks before and after a call to the upstream. Safe for any number of callers at once.</summary>
public interface IEnforcerClient
{
    /// <summary>
    /// Sets money, tokens and a request slot aside for one call. A refusal is an ordinary answer: see <see cref="Reservation.IsGranted"/>.
    /// </summary>
    /// <param name="account">The customer's secret key, or an <see cref="AccountName"/>.</param>
    /// <param name="amountNanos">The most that the call can cost: 1 to 2⁵³ nanos.</param>
    /// <param name="options">What else the reservation says; null: nothing.</param>
    /// <param name="cancellationToken">Ends the wait. If the command was sent already, what it reserved is released.</param>
    /// <exception cref="ArgumentException">An argument breaks its rule; nothing was sent.</exception>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    ValueTask<Reservation> ReserveAsync(
        AccountReference account, long amountNanos, ReserveOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets aside the most that a call can cost the customer, by the server's prices. Commit what it really used with
    /// <see cref="Reservation.CommitAsync(UsageReport, CancellationToken)"/>.
    /// </summary>
    /// <param name="account">The customer's secret key, or an <see cref="AccountName"/>.</param>
    /// <param name="model">The model, as the price book names it. One that is not in it is refused as <see cref="Refusal.Unpriced"/>.</param>
    /// <param name="estimate">The most that the call can use. <see cref="Reservation.OutputTokens"/> tells to what its answer must be clamped.</param>
    /// <param name="options">What else the reservation says, but for amounts, tokens and model; null: nothing.</param>
    /// <param name="cancellationToken">Ends the wait. If the command was sent already, what it reserved is released.</param>
    /// <exception cref="ArgumentException">An argument breaks its rule; nothing was sent.</exception>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    ValueTask<Reservation> ReserveAsync(
        AccountReference account, string model, UsageEstimate estimate, ReserveOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads an account's balances and limits, and one of its reservations.</summary>
    /// <param name="account">The customer's secret key, or an <see cref="AccountName"/>.</param>
    /// <param name="reservationId">A reservation to read too; null: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="EnforcerException">There is no such account or reservation, or no answer in time.</exception>
    Task<GetResponse> GetAsync(AccountReference account, Guid? reservationId = null, CancellationToken cancellationToken = default);
}
