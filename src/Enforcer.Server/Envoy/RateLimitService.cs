using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Protocol.Envoy;
using Enforcer.Server.Edges;
using Enforcer.Server.Observability;
using Enforcer.Server.Options;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Envoy;

/// <summary>
/// Envoy's rate limit service on Enforcer's accounts. All descriptors of a call pass, or none is counted: each is reserved first, and only when all are
/// granted they are booked. An account that is not known is over its limit, for a gateway must not let pass whom nobody knows.
/// </summary>
internal sealed class RateLimitService(IAccountEngine host, AccountCatalog accounts, CommandTally tally, IList<EnvoyRule> rules, TimeProvider clock)
{
    private const int MostDescriptors = 32;
    private readonly DescriptorRules _rules = new(rules, accounts);

    /// <summary>Binds the handler.</summary>
    public GrpcService Bind() => new GrpcService(RlsReflection.Descriptor.Services[0])
        .Unary<RateLimitRequest, RateLimitResponse>("ShouldRateLimit", AnswerAsync);

    private async ValueTask<RateLimitResponse> AnswerAsync(RateLimitRequest request, GrpcCall call)
    {
        if (rules.Count == 0) throw Faults.Precondition("NO_ENVOY_RULES", "No descriptor means an account here; set Enforcer:Envoy, see docs/envoy.md.");
        if (request.Domain.Length == 0) throw Faults.Invalid("domain is empty; set it in Envoy's filter.");
        if (request.Descriptors.Count is 0 or > MostDescriptors)
            throw Faults.Invalid($"descriptors has {request.Descriptors.Count} items; give 1 to {MostDescriptors}.");
        try
        {
            var all = new List<Hits?>();
            foreach (var descriptor in request.Descriptors)
                all.Add(await _rules.FindAsync(request.Domain, descriptor, request.HitsAddend, call.CancellationToken).ConfigureAwait(false));
            var passes = await ReserveAsync(all).ConfigureAwait(false);
            await EndAsync(all, passes).ConfigureAwait(false);
            return await RateLimitAnswers.OfAsync(all, passes, host, call.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
        {
            throw Faults.Unavailable();
        }
    }

    /// <summary>Reserves for one after the other, up to the first that is refused.</summary>
    private async ValueTask<bool> ReserveAsync(List<Hits?> all)
    {
        foreach (var hits in all.OfType<Hits>())
        {
            for (var i = 0; i < hits.Reservations; i++)
            {
                var id = NextId();
                var outcome = hits.Target is { } target
                    ? await ExecuteAsync(target, hits.Reserve(id)).ConfigureAwait(false)
                    : Outcome.Refuse(Refusal.UnknownAccount, 0);
                if (!outcome.IsGranted)
                {
                    hits.Refused = outcome;
                    return false;
                }
                hits.Keep(id);
            }
        }
        return true;
    }

    private async ValueTask EndAsync(List<Hits?> all, bool passes)
    {
        foreach (var hits in all.OfType<Hits>())
        {
            foreach (var reservation in hits.Reserved)
                await ExecuteAsync(hits.Target!, hits.End(NextId(), reservation, passes)).ConfigureAwait(false);
        }
    }

    private async ValueTask<Outcome> ExecuteAsync(AccountTarget target, Command command)
    {
        var outcome = await host.ExecuteAsync(target.Number, command).ConfigureAwait(false);
        tally.Add(command.Kind, outcome.Refusal);
        return outcome;
    }

    private OperationId NextId()
    {
        Span<byte> bytes = stackalloc byte[OperationId.Size];
        Guid.CreateVersion7(clock.GetUtcNow()).TryWriteBytes(bytes, bigEndian: true, out _);
        return OperationId.Read(bytes);
    }
}
