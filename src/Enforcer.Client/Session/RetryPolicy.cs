using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>Says whether an answer is repeated, and when. Called under the gate of the table.</summary>
internal sealed class RetryPolicy(EnforcerClientOptions options, ClientPorts ports)
{
    private readonly RetryBudget _budget = new(options.RetryPercent);
    private readonly Backoff _backoff = new(options.Backoff, options.MaxBackoff, ports);

    /// <param name="refusal">The answer.</param>
    /// <param name="attempts">How often the command was repeated already.</param>
    /// <param name="wait">How long it rests, in the clock's timestamps.</param>
    public bool ShouldRepeat(Refusal refusal, int attempts, out long wait)
    {
        wait = 0;
        if (refusal is not (Refusal.Busy or Refusal.Unavailable))
        {
            _budget.Earn();
            return false;
        }
        if (attempts >= options.MaxRetries || !_budget.TrySpend())
            return false;
        wait = options.TimeProvider.ToTimestamp(_backoff.Wait(attempts));
        return true;
    }
}
