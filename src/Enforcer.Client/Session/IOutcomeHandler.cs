namespace Enforcer.Client;

/// <summary>
/// Takes the answers to commands of a session. Each accepted command is answered exactly once, by one of the two methods. They
/// run on the session's own loop: they must be quick and must not block or throw.
/// </summary>
public interface IOutcomeHandler
{
    /// <summary>The server's answer, granted or refused.</summary>
    /// <param name="mark">The command's <see cref="SessionCommand.Mark"/>.</param>
    /// <param name="outcome">The answer.</param>
    void OnOutcome(long mark, in SessionOutcome outcome);

    /// <summary>There was no answer in time, or the server does not serve this client.</summary>
    /// <param name="mark">The command's <see cref="SessionCommand.Mark"/>.</param>
    /// <param name="failure">What happened, and whether the command may have taken effect.</param>
    void OnFailure(long mark, EnforcerException failure);
}
