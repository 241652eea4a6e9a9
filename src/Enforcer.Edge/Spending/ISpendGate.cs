namespace Enforcer.Edge.Spending;

/// <summary>What the edge asks of Enforcer. All answers come within a bounded time.</summary>
internal interface ISpendGate
{
    /// <summary>Why nothing can be asked now; null if Enforcer answers and lets this edge ask.</summary>
    ValueTask<string?> ProblemAsync();

    /// <summary>Makes the ids of a reservation for the account of a key; null if nobody knows the key.</summary>
    /// <exception cref="GateClosedException">There was no answer in time.</exception>
    ValueTask<Intent?> PlanAsync(string key);

    /// <summary>Sets money aside for a call.</summary>
    /// <param name="intent">The reservation to make.</param>
    /// <param name="key">The customer's secret key, which may have been revoked a moment ago.</param>
    /// <param name="estimate">The most it can use.</param>
    /// <exception cref="GateClosedException">There was no answer in time; whether anything is held nobody knows.</exception>
    ValueTask<Admission> ReserveAsync(Intent intent, string key, CallEstimate estimate);

    /// <summary>Asks for more output, or only for more time, while the call runs.</summary>
    /// <param name="held">The reservation.</param>
    /// <param name="moreOutputTokens">How much more; 0 for time alone.</param>
    /// <returns>What is held now; null: refused, stop now.</returns>
    /// <exception cref="GateClosedException">There was no answer in time.</exception>
    ValueTask<Held?> ExtendAsync(Held held, long moreOutputTokens);

    /// <summary>Books what a call used, or gives back what was held for one that was not made. May be repeated: it takes effect once.</summary>
    ValueTask<SettleResult> SettleAsync(Settlement settlement);
}
