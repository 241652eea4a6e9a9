using Enforcer.Grpc;

namespace Enforcer.Client;

/// <summary>
/// A command that got no ordinary answer: the server could not be reached in time, does not accept the token, or found the
/// request malformed. A refusal is not one of these: see <see cref="SpendRefusal"/>.
/// </summary>
public sealed class EnforcerException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">What kind of failure it is.</param>
    /// <param name="message">The fact, and the way out.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public EnforcerException(GrpcStatus code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The status, as on the wire.</summary>
    public GrpcStatus Code { get; }

    /// <summary>
    /// Whether the command may have taken effect all the same, because it was sent and its answer never came. Repeating it
    /// with the same operation id tells, and does nothing twice.
    /// </summary>
    public bool MayHaveTakenEffect { get; init; }
}
