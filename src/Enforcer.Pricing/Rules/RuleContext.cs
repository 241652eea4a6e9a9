using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Rules;

/// <summary>What a rule may look at: the model that is sold, and the terms of the call.</summary>
/// <param name="Model">The upstream's rates.</param>
/// <param name="Terms">Tier and region.</param>
public readonly record struct RuleContext(ModelRates Model, CallTerms Terms);
