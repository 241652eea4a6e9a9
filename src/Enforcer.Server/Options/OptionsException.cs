namespace Enforcer.Server.Options;

/// <summary>The server cannot start as it is configured; the message tells all that is wrong.</summary>
public sealed class OptionsException : Exception
{
    /// <summary>Makes one from all problems.</summary>
    public OptionsException(IReadOnlyList<string> problems) : base(string.Join(Environment.NewLine, problems))
    {
    }

    /// <summary>Makes one with a message.</summary>
    public OptionsException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public OptionsException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public OptionsException()
    {
    }
}
