using System.Diagnostics;
using System.Text.Json;

namespace Enforcer.Simulation.Running;

/// <summary>Many worlds, on all processors; what they were adds up, and can be kept in a file from which it goes on.</summary>
internal sealed class Campaign
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true };
    private readonly Lock _gate = new();
    private readonly ulong _end;
    private readonly int _threads;
    private readonly FileInfo? _file;
    private readonly Stopwatch _watch = new();
    private readonly HashSet<ulong> _before;
    private readonly decimal _secondsBefore;
    private ulong _next;
    private volatile bool _isStopping;

    /// <param name="from">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="threads">How many run side by side.</param>
    /// <param name="file">Where the figures are kept; what is there already is not run again.</param>
    /// <exception cref="InvalidOperationException">The file is of a campaign that began elsewhere.</exception>
    public Campaign(ulong from, long seeds, int threads, FileInfo? file = null)
    {
        Figures = file is { Exists: true } ? JsonSerializer.Deserialize<CampaignFigures>(File.ReadAllText(file.FullName))! : new CampaignFigures { From = from, Next = from };
        if (Figures.From != from) throw new InvalidOperationException($"{file!.Name} is of worlds from {Figures.From} on, not {from}; name another file, or --from {Figures.From}.");
        (_end, _threads, _file) = (from + (ulong)seeds, threads, file);
        (_next, _before, _secondsBefore) = (Figures.Next, [.. Figures.Ahead], Figures.Seconds);
        WorldsBefore = Figures.Worlds;
    }

    public CampaignFigures Figures { get; }

    /// <summary>Worlds that an earlier run has done.</summary>
    public long WorldsBefore { get; }

    /// <summary>Seconds since this run began.</summary>
    public decimal Seconds => _watch.ElapsedMilliseconds / 1_000m;

    /// <summary>Runs all of them, or until stopped, or until one has failed and the others under way have ended.</summary>
    public void Run(bool stopsAtFailure)
    {
        _watch.Start();
        var workers = Enumerable.Range(0, _threads).Select(_ => Task.Factory.StartNew(
            () => SimulationThread.Run(() => Work(stopsAtFailure)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(workers);
        _watch.Stop();
        Keep();
    }

    /// <summary>Lets the worlds under way end, and begins no others.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Writes the figures to the file, if there is one.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            Figures.Seconds = _secondsBefore + Seconds;
            if (_file is null) return;
            // Whole or not at all: a campaign is long, and may be ended at any moment.
            var draft = _file.FullName + ".new";
            File.WriteAllText(draft, JsonSerializer.Serialize(Figures, Form));
            File.Move(draft, _file.FullName, overwrite: true);
        }
    }

    /// <summary>Looks at the figures while nobody changes them.</summary>
    public T Read<T>(Func<CampaignFigures, T> read)
    {
        lock (_gate) return read(Figures);
    }

    private void Work(bool stopsAtFailure)
    {
        while (!_isStopping && Take() is { } seed)
        {
            var result = Scenario.Run(seed);
            lock (_gate) Figures.Add(result);
            if (stopsAtFailure && result.Violation is not null) Stop();
        }
    }

    private ulong? Take()
    {
        lock (_gate)
        {
            while (_before.Contains(_next)) _next++;
            return _next < _end ? _next++ : null;
        }
    }
}
