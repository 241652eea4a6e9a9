namespace Enforcer.Ledger;

/// <summary>
/// An entry that does not follow from its account's state, or a state that breaks an invariant: a broken journal or a bug.
/// The account must not be used further; it is dropped and, if its journal is sound, loaded anew.
/// </summary>
public sealed class LedgerException : Exception
{
    /// <summary>Makes one; the message names the entry and the rule.</summary>
    public LedgerException(string message) : base(message)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public LedgerException()
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public LedgerException(string message, Exception inner) : base(message, inner)
    {
    }
}
