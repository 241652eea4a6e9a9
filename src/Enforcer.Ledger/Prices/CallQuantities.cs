using Enforcer.Ledger.Commands;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Ledger.Prices;

/// <summary>What a command says of its call's quantities, instead of an amount: an estimate, more of it, or a report.</summary>
public abstract class CallQuantities
{
    /// <summary>Adds what the caller said to the hash of the command's body; not what it comes to, for prices change.</summary>
    internal abstract void AddTo(ref BodyHash hash);

    // By index: an enumerator of a list behind an interface is an allocation for each command.
    private protected static void Add(ref BodyHash hash, IReadOnlyList<MeterPool> pools)
    {
        for (var i = 0; i < pools.Count; i++)
        {
            hash.Add(pools[i].Meters.Name);
            hash.Add(pools[i].Most);
        }
    }

    private protected static void Add(ref BodyHash hash, CallTerms terms)
    {
        hash.Add((long)terms.Tier);
        hash.Add(terms.Region);
    }
}
