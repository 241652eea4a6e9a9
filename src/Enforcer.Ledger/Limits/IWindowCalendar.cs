namespace Enforcer.Ledger.Limits;

/// <summary>
/// Tells when calendar windows begin and end. It comes from outside because named zones change with the machine's zone
/// data; what it said is written into the entry, so that the fold never asks it.
/// </summary>
public interface IWindowCalendar
{
    /// <summary>True if the zone can be asked for.</summary>
    bool Knows(string zone);

    /// <summary>The window that contains the moment: start ≤ atMs &lt; end, Unix ms.</summary>
    /// <param name="window">Day, Week or Month.</param>
    /// <param name="zone">Null for UTC.</param>
    /// <param name="atMs">The moment, Unix ms.</param>
    (long StartMs, long EndMs) Containing(SpendWindow window, string? zone, long atMs);
}
