namespace Enforcer.Server.Prices;

/// <summary>What an offer is made for: by which plans, in which unit, of which model and provider.</summary>
/// <param name="Plans">The content id of the account's choice of plans.</param>
/// <param name="Unit">The account's unit.</param>
/// <param name="Model">The model asked for.</param>
/// <param name="Provider">Who is to serve it; null if one alone does.</param>
internal readonly record struct OfferKey(string Plans, string Unit, string Model, string? Provider);
