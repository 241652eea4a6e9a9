using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Enforcer.Client;

/// <summary>Hands answers to their handlers, outside of any lock, and counts them.</summary>
internal sealed class CompletionDelivery(ClientInstruments instruments, ILogger logger, TimeProvider clock)
{
    /// <summary>Delivers everything and empties the list.</summary>
    public void Deliver(List<Completion> completions)
    {
        var now = clock.GetTimestamp();
        foreach (ref readonly var completion in CollectionsMarshal.AsSpan(completions))
        {
            instruments.Completed(completion, clock, now);
            try
            {
                completion.Deliver();
            }
#pragma warning disable CA1031 // A handler that throws must not take other callers' answers with it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                ClientLog.HandlerFailed(logger, failure);
            }
        }
        completions.Clear();
    }
}
