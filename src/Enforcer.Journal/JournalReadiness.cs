namespace Enforcer.Journal;

/// <summary>Whether a journal takes records now.</summary>
public enum JournalReadiness
{
    /// <summary>It does.</summary>
    Ready = 0,

    /// <summary>The open batch is full; it will be written soon. Refuse as busy.</summary>
    Busy = 1,

    /// <summary>The store cannot be written; recovery is under way. Refuse as unavailable.</summary>
    Unavailable = 2,

    /// <summary>The journal is closed, fenced off or broken for good; the process must end.</summary>
    Ended = 3,
}
