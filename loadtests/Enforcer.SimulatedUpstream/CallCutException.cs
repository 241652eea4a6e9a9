namespace Enforcer.SimulatedUpstream;

/// <summary>The plan says that the connection breaks here.</summary>
internal sealed class CallCutException : Exception
{
    public CallCutException()
    {
    }

    public CallCutException(string message)
        : base(message)
    {
    }

    public CallCutException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
