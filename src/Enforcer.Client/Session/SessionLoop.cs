using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Microsoft.Extensions.Logging;

namespace Enforcer.Client;

/// <summary>
/// Keeps a session connected while there is something to say: connects when the first command is queued, goes to the next
/// endpoint when a connection breaks, and sends what was unanswered again, with the same operation ids and in the same order.
/// </summary>
internal sealed class SessionLoop
{
    private readonly Endpoints _endpoints;
    private readonly CommandTable _table;
    private readonly AsyncSignal _work;
    private readonly CompletionDelivery _delivery;
    private readonly ClientInstruments _instruments;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly List<Completion> _completions = [];
    private volatile EnforcerException? _trouble;
    private volatile SessionLink? _link;

    public SessionLoop(
        EnforcerClientOptions options,
        Endpoints endpoints,
        CommandTable table,
        AsyncSignal work,
        CompletionDelivery delivery,
        ClientInstruments instruments,
        ILogger logger,
        ClientPorts ports)
    {
        _endpoints = endpoints;
        _table = table;
        _work = work;
        _delivery = delivery;
        _instruments = instruments;
        _logger = logger;
        _clock = options.TimeProvider;
        _backoff = new Backoff(options.Backoff, options.MaxBackoff, ports);
    }

    /// <summary>Why there is no connection now; null if there is one or none was needed.</summary>
    public EnforcerException? Trouble => _link is { HasAnswered: true } ? null : _trouble;

    /// <summary>Runs until <paramref name="stop"/>; by then nothing is queued any more.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (await WaitForWorkAsync(stop).ConfigureAwait(false))
        {
            var endpoint = _endpoints.Current;
            var (failure, answered) = await RunLinkAsync(endpoint, stop).ConfigureAwait(false);
            var trouble = failure is null ? null : Failures.Translate(failure, endpoint.Address);
            _table.RequeueSent(wasRead: answered || trouble is null || !Failures.IsUnread(trouble.Code), _clock.GetTimestamp());
            if (trouble is null)
                continue;
            failures = answered ? 0 : failures + 1;
            if (Failures.IsFinal(trouble.Code))
                GiveUp(trouble);
            else
                await RestAsync(endpoint, trouble, failures, stop).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> WaitForWorkAsync(CancellationToken stop)
    {
        while (!_table.HasQueued)
        {
            if (stop.IsCancellationRequested)
                return false;
            await _work.WaitAsync().ConfigureAwait(false);
        }
        return !stop.IsCancellationRequested;
    }

    private async Task<(Exception? Failure, bool Answered)> RunLinkAsync(Endpoint endpoint, CancellationToken stop)
    {
        using var link = new SessionLink(endpoint.Server.OpenSession(), _endpoints.HasOthers, _table, _work, _delivery, _instruments, _clock, stop);
        ClientLog.SessionOpened(_logger, endpoint.Address);
        _link = link;
        var failure = await link.RunAsync().ConfigureAwait(false);
        _link = null;
        return (failure, link.HasAnswered);
    }

    private void GiveUp(EnforcerException trouble)
    {
        ClientLog.SessionRefused(_logger, trouble);
        _table.FailAll(wasSent => Failures.Final(trouble, wasSent), _completions);
        _delivery.Deliver(_completions);
    }

    private async Task RestAsync(Endpoint endpoint, EnforcerException trouble, int failures, CancellationToken stop)
    {
        _trouble = trouble;
        _instruments.Reconnected();
        ClientLog.SessionLost(_logger, endpoint.Address, trouble);
        _endpoints.MoveOn(endpoint);
        await Task.Delay(_backoff.Wait(failures), _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
