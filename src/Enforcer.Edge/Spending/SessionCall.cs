using Enforcer.Client;

namespace Enforcer.Edge.Spending;

/// <summary>Waits for the answer to one command that has an operation id of its own.</summary>
internal sealed class SessionCall : IOutcomeHandler
{
    private readonly TaskCompletionSource<SessionOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SessionCall()
    {
    }

    /// <exception cref="EnforcerException">There was no answer in time.</exception>
    public static async Task<SessionOutcome> SendAsync(EnforcerSession session, SessionCommand command)
    {
        var call = new SessionCall();
        await session.SendAsync(new[] { command }, call).ConfigureAwait(false);
        return await call._answer.Task.ConfigureAwait(false);
    }

    public void OnOutcome(long mark, in SessionOutcome outcome) => _answer.SetResult(outcome);

    public void OnFailure(long mark, EnforcerException failure) => _answer.SetException(failure);
}
