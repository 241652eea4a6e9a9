namespace Enforcer.Edge.Options;

/// <summary>The edge cannot start as it is configured; the message tells all that is wrong.</summary>
public sealed class EdgeOptionsException : Exception
{
    /// <summary>Makes one from all problems.</summary>
    public EdgeOptionsException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems))
    {
    }

    /// <summary>Makes one with a message.</summary>
    public EdgeOptionsException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public EdgeOptionsException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public EdgeOptionsException()
    {
    }
}
