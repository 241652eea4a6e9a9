namespace Enforcer.Edge.Spending;

/// <summary>Enforcer could not be asked in time: nothing may pass.</summary>
internal sealed class GateClosedException : Exception
{
    public GateClosedException()
    {
    }

    public GateClosedException(string message)
        : base(message)
    {
    }

    public GateClosedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
