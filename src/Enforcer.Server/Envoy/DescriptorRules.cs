using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Ledger;
using Enforcer.Protocol.Envoy;
using Enforcer.Server.Edges;
using Enforcer.Server.Options;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Envoy;

/// <summary>From descriptors to accounts, by the operator's rules.</summary>
internal sealed class DescriptorRules(IList<EnvoyRule> rules, AccountCatalog accounts)
{
    private const long MostRequests = 100;
    private const string TokenHits = "tokens";
    private const string ByKey = "key";

    /// <summary>What a descriptor adds; null if no rule is about it.</summary>
    /// <exception cref="GrpcStatusException">INVALID_ARGUMENT: too many hits at once.</exception>
    public async ValueTask<Hits?> FindAsync(string domain, RateLimitDescriptor descriptor, uint requestHits, CancellationToken cancel)
    {
        foreach (var rule in rules)
        {
            if (rule.Domain.Length > 0 && rule.Domain != domain) continue;
            if (descriptor.Entries.FirstOrDefault(entry => entry.Key == rule.Entry) is not { } named) continue;
            var (count, areTokens) = (CountOf(descriptor, requestHits, rule), rule.Hits == TokenHits);
            return new Hits(await TargetAsync(rule, named.Value, cancel).ConfigureAwait(false), count, areTokens, rule.HitNanos);
        }
        return null;
    }

    private static long CountOf(RateLimitDescriptor descriptor, uint requestHits, EnvoyRule rule)
    {
        var most = rule.Hits == TokenHits ? LedgerBounds.MaxAmountNanos / Math.Max(1, rule.HitNanos) : MostRequests;
        var count = descriptor.HitsAddend ?? Math.Max(1, requestHits);
        return count <= (ulong)most
            ? (long)count
            : throw Faults.Invalid($"hits_addend is {count}; the rule for '{rule.Entry}' allows 0 to {most} {rule.Hits} at once.");
    }

    private ValueTask<Host.AccountTarget?> TargetAsync(EnvoyRule rule, string value, CancellationToken cancel) =>
        rule.Names == ByKey ? accounts.FindKeyAsync(CredentialHash.Of(value), cancel) : accounts.FindAsync(value, cancel);
}
