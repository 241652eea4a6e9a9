using System.Collections.Concurrent;
using Enforcer.Host.Expiry;
using Enforcer.Host.Operations;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Rules;

namespace Enforcer.Host.Activations;

/// <summary>What all activations of a host share.</summary>
internal sealed class ActivationContext
{
    public required IJournal Journal { get; init; }

    public required AccountRules Rules { get; init; }

    public required LedgerOptions LedgerOptions { get; init; }

    public required HostOptions Options { get; init; }

    public required OperationFilter Filter { get; init; }

    public ExpiryQueue Expiries { get; } = new();

    /// <summary>Accounts whose head is behind.</summary>
    public ConcurrentQueue<Activation> Changed { get; } = new();

    /// <summary>Starts looking up the history that parked commands need.</summary>
    public required Action<Activation> LookUpHistory { get; init; }

    /// <summary>Tells that an account broke a rule of the ledger and was dropped.</summary>
    public required Action<long, Exception> ReportBroken { get; init; }

    /// <summary>Why a command that waited failed when its account's entries were lost.</summary>
    public JournalLostException LostWhileWaiting { get; } =
        new("The journal lost what this command waited for; retry with the same operation id.");

    /// <summary>What is known of an operation without a look into the past, where the filter is sure that it is new; else null.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">The operation.</param>
    /// <param name="forgottenAtMs">The account time of the newest operation that the account's state has forgotten.</param>
    /// <param name="coveredSinceMs">Since when the filter has the account's operations.</param>
    public History? KnownAbout(long account, OperationId id, long forgottenAtMs, long coveredSinceMs)
    {
        if (forgottenAtMs == long.MinValue) return null;
        var earliest = id.TimeMs - LedgerOptions.FutureToleranceMs;
        if (earliest > forgottenAtMs || earliest <= Math.Max(coveredSinceMs, Filter.CoveredSinceMs)) return null;
        return Filter.MayContain(account, id, earliest) ? null : History.NewOperation;
    }
}
