using System.Text;
using System.Text.Json;
using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Rules;
using Enforcer.Server.Prices;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>Price plans, and which account is priced by which.</summary>
internal sealed class OperatorPricePlans(
    PriceStore store, OfferMaker maker, OfferCatalog offers, OperatorAccounts accounts, IAccountDirectory directory, IAuditTrail audit, TimeProvider clock)
{
    private const int MaxPlans = 8;
    private const int MaxResellers = 4;
    private const int MaxRules = 64;
    private const int MaxCounterChars = 64;

    public async Task<V1.PricePlanView> SetAsync(V1.SetPricePlanRequest request, OperatorCall call)
    {
        RequireName(request.Plan);
        OperatorPriceBook.RequireReason(request.Reason);
        var plan = Parse(request);
        var record = await store.SetPlanAsync(plan, NowMs(), call.Actor, request.Reason, call.Cancel).ConfigureAwait(false);
        offers.Change();
        await NoteAsync(AuditActions.PricePlan, plan.Name, request.Reason, call).ConfigureAwait(false);
        return await ViewAsync(record, call).ConfigureAwait(false);
    }

    public async Task<V1.PricePlanView> GetAsync(V1.GetPricePlanRequest request, OperatorCall call)
    {
        RequireName(request.Plan);
        var record = await store.FindPlanAsync(request.Plan, call.Cancel).ConfigureAwait(false) ?? throw Unknown(request.Plan);
        return await ViewAsync(record, call).ConfigureAwait(false);
    }

    public async Task<V1.ListPricePlansResponse> ListAsync(V1.ListPricePlansRequest request, OperatorCall call)
    {
        var response = new V1.ListPricePlansResponse();
        foreach (var record in await store.PlansAsync(call.Cancel).ConfigureAwait(false)) response.Plans.Add(await ViewAsync(record, call).ConfigureAwait(false));
        return response;
    }

    public async Task<V1.AccountPricing> ChooseAsync(V1.SetAccountPricingRequest request, OperatorCall call)
    {
        OperatorPriceBook.RequireReason(request.Reason);
        var target = await accounts.FindAsync(request.Account, call).ConfigureAwait(false);
        if (request.Plans.Count > MaxPlans) throw Faults.Invalid($"plans has {request.Plans.Count}; give at most {MaxPlans}.");
        if (request.Resellers.Count > MaxResellers) throw Faults.Invalid($"resellers has {request.Resellers.Count}; give at most {MaxResellers}.");
        if (request.Resellers.Any(stack => stack.Plans.Count is 0 or > MaxPlans)) throw Faults.Invalid($"resellers names a seller with no plan, or with over {MaxPlans}; give each 1 to {MaxPlans}.");
        var choice = new PlanChoice([.. request.Plans], [.. request.Resellers.Select(stack => stack.Plans.ToArray())]);
        foreach (var name in choice.AllPlans)
        {
            RequireName(name);
            if (await store.FindPlanAsync(name, call.Cancel).ConfigureAwait(false) is null) throw Unknown(name);
        }
        await RequireOfferAsync(target, choice, call).ConfigureAwait(false);
        var record = await store.ChooseAsync(target.Number, choice, NowMs(), call.Actor, request.Reason, call.Cancel).ConfigureAwait(false);
        offers.Change();
        await NoteAsync(AuditActions.PriceAccount, target.Id, request.Reason, call).ConfigureAwait(false);
        return ViewOf(target, choice, record);
    }

    public async Task<V1.AccountPricing> GetChoiceAsync(V1.GetAccountPricingRequest request, OperatorCall call)
    {
        var target = await accounts.FindAsync(request.Account, call).ConfigureAwait(false);
        var record = await store.FindChoiceAsync(target.Number, call.Cancel).ConfigureAwait(false);
        return ViewOf(target, record is null ? PlanChoice.None : await store.ReadChoiceAsync(record, call.Cancel).ConfigureAwait(false), record);
    }

    /// <summary>Plans that contradict each other or come to another unit are refused here, and not at the first call.</summary>
    private async Task RequireOfferAsync(AccountTarget target, PlanChoice choice, OperatorCall call)
    {
        var versions = await store.VersionsAsync(PriceStore.Upstream, call.Cancel).ConfigureAwait(false);
        if (PriceStore.At(versions, NowMs()) is not { } record) return;
        var card = await store.CardAsync(record.ContentId, call.Cancel).ConfigureAwait(false);
        if (card.Models.Count == 0) return;
        var unit = (await directory.FindAsync(target.Number, call.Cancel).ConfigureAwait(false))!.Unit;
        var answer = await maker.MakeAsync(choice, unit, card.Models[0].Model, card.Models[0].Provider, NowMs(), call.Cancel).ConfigureAwait(false);
        if (answer.Problem is { } problem) throw Faults.Precondition("INVALID_PRICING", $"the plans do not fit: {problem}.");
    }

    private static PricePlan Parse(V1.SetPricePlanRequest request)
    {
        try
        {
            var plan = PricePlanJson.Read(Encoding.UTF8.GetBytes($$"""{"name": "{{request.Plan}}", "rules": {{request.RulesJson}}}"""));
            if (plan.Rules.Count > MaxRules) throw Faults.Invalid($"rules_json has {plan.Rules.Count} rules; give at most {MaxRules}.");
            if (plan.Rules.FirstOrDefault(rule => rule.Counts?.Name.Length > MaxCounterChars) is { } wordy)
                throw Faults.Invalid($"rules_json names the counter {wordy.Counts!.Name[..MaxCounterChars]}…; give at most {MaxCounterChars} characters.");
            return plan;
        }
        catch (RateCardException e)
        {
            throw Faults.Invalid($"rules_json is not understood: {e.Message}");
        }
    }

    private async Task<V1.PricePlanView> ViewAsync(PriceRecord record, OperatorCall call)
    {
        var plan = await store.PlanAsync(record.ContentId, call.Cancel).ConfigureAwait(false);
        using var document = JsonDocument.Parse(PricePlanJson.Write(plan));
        return new V1.PricePlanView
        {
            Plan = record.Name,
            RulesJson = document.RootElement.GetProperty("rules").GetRawText(),
            ContentId = record.ContentId,
            SetAtMs = record.AtMs,
            Actor = record.Actor,
            Reason = record.Reason,
        };
    }

    private static V1.AccountPricing ViewOf(AccountTarget target, PlanChoice choice, PriceRecord? record) => new()
    {
        Account = target.Id,
        Plans = { choice.Plans },
        Resellers = { choice.Resellers.Select(stack => new V1.PlanStack { Plans = { stack } }) },
        SetAtMs = record?.AtMs ?? 0,
        Actor = record?.Actor ?? "",
        Reason = record?.Reason ?? "",
    };

    private ValueTask NoteAsync(string action, string subject, string reason, OperatorCall call) =>
        audit.AppendAsync(new AuditNote(AuditKind.Change, NowMs(), call.Actor, action, subject, reason), call.Cancel);

    private static void RequireName(string plan)
    {
        if (!DirectoryRules.IsAccountId(plan)) throw Faults.Invalid($"plan is not {DirectoryRules.AccountIdRule}; choose such a name.");
    }

    private static Grpc.GrpcStatusException Unknown(string plan) => Faults.NotFound("plan", plan, "list the plans, or set it first.");

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
