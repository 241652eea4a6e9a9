namespace Enforcer.Host.Activations;

/// <summary>
/// Gives back what accounts took that have left memory, or take less of it since they are quiet. The runtime collects when somebody allocates, and so
/// not where it would show: in a server that has become idle.
/// </summary>
/// <remarks>
/// It collects when more accounts gave something back than are there, and not a few: then much of what is looked through is given back, and what looking
/// costs is little per account. When a wave is over and nobody does any more, fewer are worth it. It runs in the background, beside the commands.
/// </remarks>
/// <param name="collect">Collects; null: all generations of the runtime's heap.</param>
internal sealed class Reclaiming(Action? collect = null)
{
    /// <summary>Some 20 MB.</summary>
    private const int WorthIt = 20_000;

    /// <summary>At the end of a wave.</summary>
    private const int WorthItAtTheEnd = 1_000;
    private readonly Action _collect = collect ?? (static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false));
    private long _gaveBack;

    /// <summary>Accounts have given memory back, or none for a while.</summary>
    /// <param name="count">So many.</param>
    /// <param name="remaining">So many are there.</param>
    public void Note(int count, int remaining)
    {
        _gaveBack += count;
        if (_gaveBack < (count > 0 ? Math.Max(WorthIt, remaining) : Math.Max(WorthItAtTheEnd, remaining / 8))) return;
        _gaveBack = 0;
        _collect();
    }
}
