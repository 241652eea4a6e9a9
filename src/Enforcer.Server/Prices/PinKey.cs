namespace Enforcer.Server.Prices;

/// <summary>What an entry says of its offer: version and rules by content, and the model on that version's card.</summary>
internal readonly record struct PinKey(string Pin, string Provider, string Model);
