namespace Enforcer.Access;

/// <summary>What other processes change in a directory that several share, for the caches over it.</summary>
public interface IDirectoryNews
{
    /// <summary>
    /// True while a cache may tell what it remembers: of every change whose call has completed, in whichever process, the attached caches know.
    /// False: they ask the directory. Takes no lock and allocates nothing.
    /// </summary>
    bool IsCurrent { get; }

    /// <summary>Why it is not current, in words with the way out; null if nothing has failed.</summary>
    string? Problem { get; }

    /// <summary>From now on this cache forgets what others change, before their calls complete.</summary>
    void Attach(ICredentialCache cache);
}
