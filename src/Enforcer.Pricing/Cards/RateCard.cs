using System.Collections.Frozen;
using System.Security.Cryptography;
using Enforcer.Pricing.Json;

namespace Enforcer.Pricing.Cards;

/// <summary>
/// The prices of one seller at one moment. Immutable; <see cref="ContentId"/> names exactly this content, so that two cards with the same
/// id price everything alike.
/// </summary>
public sealed class RateCard
{
    private readonly FrozenDictionary<string, ModelRates[]> _byModel;
    private string? _contentId;

    /// <summary>A card.</summary>
    /// <exception cref="RateCardException">The seller or unit is empty, or a provider's model stands twice.</exception>
    public RateCard(string seller, string unit, IEnumerable<ModelRates> models)
    {
        if (string.IsNullOrWhiteSpace(seller)) throw new RateCardException("seller is empty: name who sells at these prices.");
        if (string.IsNullOrWhiteSpace(unit)) throw new RateCardException("unit is empty: give an ISO 4217 code or a credit unit.");
        (Seller, Unit) = (seller, unit);
        Models = [.. models.OrderBy(m => m.Model, StringComparer.Ordinal).ThenBy(m => m.Provider, StringComparer.Ordinal)];
        for (var i = 1; i < Models.Count; i++)
        {
            if (Models[i].Model == Models[i - 1].Model && Models[i].Provider == Models[i - 1].Provider)
                throw new RateCardException($"models[{Models[i].Provider}, {Models[i].Model}] stands twice: leave one.");
        }
        _byModel = Models.GroupBy(m => m.Model, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Who sells: "upstream", or a reseller's name.</summary>
    public string Seller { get; }

    /// <summary>The unit of all prices: an ISO 4217 code or a credit unit.</summary>
    public string Unit { get; }

    /// <summary>Where the prices come from; null if nobody says.</summary>
    public string? Source { get; init; }

    /// <summary>All models, by name and then provider.</summary>
    public IReadOnlyList<ModelRates> Models { get; }

    /// <summary>The first 32 hexadecimal digits of the SHA-256 of the card's canonical text (<see cref="RateCardJson.Write"/>).</summary>
    public string ContentId => _contentId ??= IdOf(RateCardJson.Write(this));

    /// <summary>
    /// The rates of a model. With a provider: that provider's. Without: those of the model if one provider alone lists it. Null if there
    /// are none, or several.
    /// </summary>
    public ModelRates? Find(string model, string? provider = null)
    {
        if (!_byModel.TryGetValue(model, out var found)) return null;
        if (provider is null) return found.Length == 1 ? found[0] : null;
        return Array.Find(found, m => m.Provider == provider);
    }

    /// <summary>The listed names that are nearest to one that is not, at most so many, nearest first: for a refusal that helps.</summary>
    public IReadOnlyList<string> Near(string model, int most) =>
        [.. _byModel.Keys.Select(name => (Name: name, Distance: NameDistance.Between(model, name)))
            .Where(near => near.Distance <= Math.Max(3, model.Length / 2))
            .OrderBy(near => near.Distance).ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(most).Select(near => near.Name)];

    internal static string IdOf(byte[] canonical) => Convert.ToHexStringLower(SHA256.HashData(canonical))[..32];
}
