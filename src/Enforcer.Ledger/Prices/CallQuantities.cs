using Enforcer.Ledger.Commands;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Ledger.Prices;

/// <summary>What a command says of its call's quantities, instead of an amount: an estimate, more of it, or a report.</summary>
public abstract class CallQuantities
{
    /// <summary>Adds what the caller said to the hash of the command's body; not what it comes to, for prices change.</summary>
    internal abstract void AddTo(ref BodyHash hash);

    private protected static void Add(ref BodyHash hash, IReadOnlyList<MeterPool> pools)
    {
        foreach (var pool in pools)
        {
            hash.Add(pool.Meters.Name);
            hash.Add(pool.Most);
        }
    }

    private protected static void Add(ref BodyHash hash, CallTerms terms)
    {
        hash.Add((long)terms.Tier);
        hash.Add(terms.Region);
    }
}
