using Enforcer.Edge.Protocols;

namespace Enforcer.Edge.Requests;

/// <summary>The request cannot be made: it is malformed, or asks for what cannot be bounded. Nothing is held.</summary>
internal sealed class BadCallException : Exception
{
    public BadCallException(string message, string? field = null, ProblemKind kind = ProblemKind.Malformed)
        : base(message) => (Field, Kind) = (field, kind);

    public BadCallException()
    {
    }

    public BadCallException(string message)
        : base(message)
    {
    }

    public BadCallException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The field of the request that breaks a rule, if it is one.</summary>
    public string? Field { get; }

    public ProblemKind Kind { get; }

    /// <summary>The same as it is told to the customer.</summary>
    public Problem ToProblem() => new(Kind, Message) { Field = Field, ShouldRetry = false };
}
