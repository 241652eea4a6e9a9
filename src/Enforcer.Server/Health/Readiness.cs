using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Journal;
using Enforcer.Server.Observability;
using Microsoft.Extensions.Logging;

namespace Enforcer.Server.Health;

/// <summary>Green while commands can be made durable; turns red with the journal or a directory that others share, and green again by itself.</summary>
internal sealed class Readiness(IJournal journal, IDirectoryNews? news, HealthState health, TimeProvider clock, ILogger<Readiness> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Services = ["", "enforcer.v1.Edge", "enforcer.v1.Operator"];
    private volatile bool _isStopping;
    private bool _isToldReady = true;

    /// <summary>Why the server is not ready; null if it is.</summary>
    public string? Problem
    {
        get
        {
            if (_isStopping) return "The server is stopping.";
            if (journal.Readiness is not (JournalReadiness.Ready or JournalReadiness.Busy))
                return "The journal cannot be written: " + (journal.LastError?.Message ?? "it has ended.");
            return news is { IsCurrent: false } ? "The directory cannot be read: " + (news.Problem ?? "it does not answer.") : null;
        }
    }

    /// <summary>Keeps the health service up to date until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do Tell();
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            _isStopping = true;
            Tell();
        }
    }

    private void Tell()
    {
        var problem = Problem;
        foreach (var service in Services) health.Set(service, problem is null ? HealthStatus.Serving : HealthStatus.NotServing);
        var isReady = problem is null;
        if (isReady == _isToldReady || _isStopping) return;
        _isToldReady = isReady;
        if (isReady) ServerLog.ReadyAgain(log);
        else ServerLog.NotReady(log, problem!);
    }
}
