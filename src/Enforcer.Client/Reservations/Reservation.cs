using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Enforcer.Protocol.V1;
using Microsoft.Extensions.Logging;

namespace Enforcer.Client;

/// <summary>
/// The answer to a Reserve: granted, and then to be committed or released; or refused, and then <see cref="Refusal"/> says why.
/// Disposing a granted reservation that has not ended charges or releases what it holds, as its <see cref="DisposePolicy"/> says.
/// For one caller at a time.
/// </summary>
/// <remarks>
/// Cancelling one of the calls here stops the wait, not the command: a real cost that has been sent is booked. A call that threw
/// may or may not have taken effect; the same call with the same arguments repeats it under the same operation id, and so
/// finds out without a second effect.
/// </remarks>
public sealed class Reservation : IAsyncDisposable
{
    private readonly EnforcerSession _session;
    private readonly ILogger _logger;
    private readonly DisposePolicy _onDispose;
    private SessionCommand? _unanswered;
    private bool _ended;

    internal Reservation(
        EnforcerSession session, ILogger logger, DisposePolicy onDispose, AccountReference account, Guid id, in SessionOutcome outcome)
    {
        _session = session;
        _logger = logger;
        _onDispose = onDispose;
        Account = account;
        Id = id;
        Refusal = outcome.ToRefusal();
        _ended = Refusal is not null;
        Take(outcome);
    }

    /// <summary>The reservation's id, which is the operation id of its Reserve.</summary>
    public Guid Id { get; }

    /// <summary>The account that it spends from.</summary>
    public AccountReference Account { get; }

    /// <summary>Whether the money is set aside.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGranted => Refusal is null;

    /// <summary>Why it is not; null if it is.</summary>
    public SpendRefusal? Refusal { get; }

    /// <summary>Held now, in nanos, as of the last answer. May be less than was asked for where <see cref="ReserveOptions.AtLeastNanos"/> allowed it.</summary>
    public long HeldNanos { get; private set; }

    /// <summary>Tokens held now, as of the last answer.</summary>
    public long HeldTokens { get; private set; }

    /// <summary>
    /// With an estimate: the output tokens that the call may use altogether, as of the last Reserve or Extend. Clamp the request's
    /// <c>max_tokens</c> to it. 0 without one.
    /// </summary>
    public long OutputTokens { get; private set; }

    /// <summary>The least headroom over the spend caps that apply, in nanos, as of the last answer; null where none applies.</summary>
    public long? HeadroomNanos { get; private set; }

    /// <summary>When it expires, as of the last answer.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Whether it was committed finally or released.</summary>
    public bool HasEnded => _ended;

    /// <summary>Throws if the reservation was refused.</summary>
    /// <exception cref="SpendRefusedException">The reservation was refused.</exception>
    public Reservation EnsureGranted() => IsGranted ? this : throw new SpendRefusedException(Refusal);

    /// <summary>Settles the reservation at its real cost; what is left of the hold returns at once.</summary>
    /// <param name="costNanos">The real cost since the last commit: 0 to 2⁵³ nanos. More than is held is booked too, as overrun if no headroom covers it.</param>
    /// <param name="tokens">The tokens really used since the last commit.</param>
    /// <param name="cancellationToken">Ends the wait for the answer; the commit goes on.</param>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    /// <exception cref="InvalidOperationException">The reservation was refused.</exception>
    public ValueTask<ReservationAnswer> CommitAsync(long costNanos, long tokens = 0, CancellationToken cancellationToken = default) =>
        SendAsync(Command(SessionCommandKind.Commit) with { AmountNanos = costNanos, Tokens = tokens, Final = true }, cancellationToken);

    /// <summary>
    /// Settles a reservation that was made with an estimate at what the call really used; the server prices it. An empty report: nothing was
    /// used, nothing is charged.
    /// </summary>
    /// <param name="usage">What was used since the last commit.</param>
    /// <param name="cancellationToken">Ends the wait for the answer; the commit goes on.</param>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    /// <exception cref="InvalidOperationException">The reservation was refused.</exception>
    public ValueTask<ReservationAnswer> CommitAsync(UsageReport usage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return SendAsync(Command(SessionCommandKind.Commit) with { Usage = usage.Clone(), Final = true }, cancellationToken);
    }

    /// <summary>Books a part of what the call used; the reservation stays open. Any number of times.</summary>
    /// <inheritdoc cref="CommitAsync(UsageReport, CancellationToken)"/>
    public ValueTask<ReservationAnswer> CommitPartAsync(UsageReport usage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return SendAsync(Command(SessionCommandKind.Commit) with { Usage = usage.Clone() }, cancellationToken);
    }

    /// <summary>Books a part of the real cost; the reservation stays open. Any number of times.</summary>
    /// <inheritdoc cref="CommitAsync(long, long, CancellationToken)"/>
    public ValueTask<ReservationAnswer> CommitPartAsync(long costNanos, long tokens = 0, CancellationToken cancellationToken = default) =>
        SendAsync(Command(SessionCommandKind.Commit) with { AmountNanos = costNanos, Tokens = tokens }, cancellationToken);

    /// <summary>Raises the reservation while the call runs. A refusal means: stop now; what is held stays held.</summary>
    /// <param name="amountNanos">How much more to hold: 0 to 2⁵³ nanos.</param>
    /// <param name="tokens">How many more tokens to hold.</param>
    /// <param name="ttl">The new time to live, from now; null leaves it. It never shortens the time it has.</param>
    /// <param name="cancellationToken">Ends the wait for the answer; the extend goes on.</param>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    /// <exception cref="InvalidOperationException">The reservation was refused.</exception>
    public ValueTask<ReservationAnswer> ExtendAsync(
        long amountNanos, long tokens = 0, TimeSpan? ttl = null, CancellationToken cancellationToken = default)
    {
        var ttlMs = ttl is { } span ? EnforcerClient.ToTtlMs(span) : 0;
        return SendAsync(
            Command(SessionCommandKind.Extend) with { AmountNanos = amountNanos, Tokens = tokens, TtlMs = ttlMs }, cancellationToken);
    }

    /// <summary>Raises a reservation that was made with an estimate. A refusal means: stop now; what is held stays held.</summary>
    /// <param name="more">How much more the call can use: tokens and pools alone.</param>
    /// <param name="ttl">The new time to live, from now; null leaves it. It never shortens the time it has.</param>
    /// <param name="cancellationToken">Ends the wait for the answer; the extend goes on.</param>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    /// <exception cref="InvalidOperationException">The reservation was refused.</exception>
    public ValueTask<ReservationAnswer> ExtendAsync(UsageEstimate more, TimeSpan? ttl = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(more);
        var ttlMs = ttl is { } span ? EnforcerClient.ToTtlMs(span) : 0;
        return SendAsync(Command(SessionCommandKind.Extend) with { Estimate = more.Clone(), TtlMs = ttlMs }, cancellationToken);
    }

    /// <summary>Ends the reservation of a call that was never made: money, tokens and the request slot return.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer; the release goes on.</param>
    /// <exception cref="EnforcerException">There was no answer in time, or the server does not serve this client.</exception>
    /// <exception cref="InvalidOperationException">The reservation was refused.</exception>
    public ValueTask<ReservationAnswer> ReleaseAsync(CancellationToken cancellationToken = default) =>
        SendAsync(Command(SessionCommandKind.Release), cancellationToken);

    /// <summary>
    /// Ends the reservation if it has not ended: repeats a command that got no answer, then charges or releases what is still
    /// held. Never throws: what fails is logged, and the reservation expires.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended)
            return;
        try
        {
            if (_unanswered is { } open)
                await SendAsync(open, CancellationToken.None).ConfigureAwait(false);
            if (_ended)
                return;
            var answer = _onDispose == DisposePolicy.Charge
                ? await CommitAsync(HeldNanos, HeldTokens).ConfigureAwait(false)
                : await ReleaseAsync().ConfigureAwait(false);
            if (answer.Refusal is { Reason: not Protocol.V1.Refusal.ReservationFinished } refusal)
                ClientLog.EndRefused(_logger, Id, refusal);
        }
        catch (Exception failure) when (failure is EnforcerException or ObjectDisposedException)
        {
            ClientLog.EndFailed(_logger, Id, failure);
        }
        finally
        {
            _ended = true;
        }
    }

    private SessionCommand Command(SessionCommandKind kind)
    {
        if (Refusal is not null)
            throw new InvalidOperationException($"the reservation was refused ({Refusal}), so there is nothing to {kind}; look at IsGranted first.");
        return new() { Kind = kind, OperationId = _session.Ids.Next(), Account = Account, ReservationId = Id };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReservationAnswer> SendAsync(SessionCommand command, CancellationToken cancellationToken)
    {
        if (_unanswered is { } open && command with { OperationId = open.OperationId } == open)
            command = open;
        // Set before and cleared after, so that it stands when the call throws.
        _unanswered = command;
        var outcome = await _session.CallAsync(command, cancellationToken).ConfigureAwait(false);
        _unanswered = null;
        var granted = outcome.Refusal == Protocol.V1.Refusal.Granted;
        if (granted)
            Take(outcome);
        if (outcome.Refusal == Protocol.V1.Refusal.ReservationFinished
            || granted && (command.Final || command.Kind == SessionCommandKind.Release))
        {
            _ended = true;
        }
        return new ReservationAnswer(outcome);
    }

    private void Take(in SessionOutcome outcome)
    {
        HeldNanos = outcome.HeldNanos;
        HeldTokens = outcome.HeldTokens;
        if (outcome.OutputTokens > 0)
            OutputTokens = outcome.OutputTokens;
        HeadroomNanos = outcome.HeadroomNanos;
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(outcome.ExpiresAtMs);
    }
}
