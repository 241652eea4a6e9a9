namespace Enforcer.Edge.Spending;

/// <summary>How an account's rates stand; null where it has no such limit.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Tokens.</param>
internal sealed record RateStanding(RateFigures? Requests, RateFigures? Tokens);
