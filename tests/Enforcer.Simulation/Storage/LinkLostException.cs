namespace Enforcer.Simulation.Storage;

/// <summary>A statement got no answer.</summary>
#pragma warning disable CA1032 // It is thrown in one place.
internal sealed class LinkLostException(string message, bool mayHaveHappened) : Exception(message)
#pragma warning restore CA1032
{
    /// <summary>False if the statement certainly had no effect, and never will.</summary>
    public bool MayHaveHappened { get; } = mayHaveHappened;
}
