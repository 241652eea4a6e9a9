using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enforcer.Access;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Rules;

namespace Enforcer.Server.Prices;

/// <summary>
/// Price books, plans and choices as the directory keeps them, and what they mean. Cards and plans that were read are kept, a few of them: under
/// their content ids they never change.
/// </summary>
internal sealed class PriceStore(IPriceDirectory directory)
{
    /// <summary>The seller whose prices are costs, unless said otherwise.</summary>
    public const string Upstream = "upstream";

    private const int MaxCards = 8;
    private const int MaxPlans = 4_096;
    private readonly ConcurrentDictionary<string, RateCard> _cards = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PricePlan> _plans = new(StringComparer.Ordinal);

    /// <summary>The versions of a seller's book, oldest first.</summary>
    public ValueTask<IReadOnlyList<PriceRecord>> VersionsAsync(string seller, CancellationToken cancel) =>
        directory.ListAsync(PriceRecordKind.Version, seller, cancel);

    /// <summary>The one that counts at a moment: the latest beginning, of equals the one added last; null before the first.</summary>
    public static PriceRecord? At(IReadOnlyList<PriceRecord> versions, long atMs) =>
        versions.Where(version => version.ValidFromMs <= atMs).OrderBy(version => version.ValidFromMs).ThenBy(version => version.Number).LastOrDefault();

    /// <summary>When the next one begins to count; the end of time if none is waiting.</summary>
    public static long NextMs(IReadOnlyList<PriceRecord> versions, long atMs) =>
        versions.Where(version => version.ValidFromMs > atMs).Select(version => version.ValidFromMs).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>A version with its card.</summary>
    public async ValueTask<PriceVersion> OpenAsync(PriceRecord version, CancellationToken cancel) => new(
        version.Number, DateTimeOffset.FromUnixTimeMilliseconds(version.ValidFromMs), await CardAsync(version.ContentId, cancel).ConfigureAwait(false));

    /// <summary>Adds a version.</summary>
    public ValueTask<PriceRecord> AddAsync(RateCard card, long validFromMs, long atMs, string actor, string reason, CancellationToken cancel) => directory.AddAsync(
        new NewPriceRecord(
            PriceRecordKind.Version, card.Seller, card.ContentId, RateCardJson.Write(card),
            string.Create(CultureInfo.InvariantCulture, $"{card.Unit} {card.Models.Count}"), validFromMs, atMs, actor, reason),
        cancel);

    /// <summary>The newest rules of a plan; null if there is no such plan.</summary>
    public ValueTask<PriceRecord?> FindPlanAsync(string name, CancellationToken cancel) => directory.FindLatestAsync(PriceRecordKind.Plan, name, cancel);

    /// <summary>The newest rules of all plans.</summary>
    public ValueTask<IReadOnlyList<PriceRecord>> PlansAsync(CancellationToken cancel) => directory.ListLatestAsync(PriceRecordKind.Plan, cancel);

    /// <summary>Sets the rules of a plan.</summary>
    public ValueTask<PriceRecord> SetPlanAsync(PricePlan plan, long atMs, string actor, string reason, CancellationToken cancel) => directory.AddAsync(
        new NewPriceRecord(PriceRecordKind.Plan, plan.Name, plan.ContentId, PricePlanJson.Write(plan), "", atMs, atMs, actor, reason), cancel);

    /// <summary>What an account is priced by; null if nothing was ever chosen.</summary>
    public ValueTask<PriceRecord?> FindChoiceAsync(long account, CancellationToken cancel) =>
        directory.FindLatestAsync(PriceRecordKind.Account, NameOf(account), cancel);

    /// <summary>Chooses what an account is priced by.</summary>
    public ValueTask<PriceRecord> ChooseAsync(long account, PlanChoice choice, long atMs, string actor, string reason, CancellationToken cancel)
    {
        var content = choice.Write();
        return directory.AddAsync(
            new NewPriceRecord(PriceRecordKind.Account, NameOf(account), IdOf(content), content, "", atMs, atMs, actor, reason), cancel);
    }

    /// <summary>What was chosen.</summary>
    public async ValueTask<PlanChoice> ReadChoiceAsync(PriceRecord choice, CancellationToken cancel) =>
        PlanChoice.Read(await ContentAsync(choice.ContentId, cancel).ConfigureAwait(false));

    /// <summary>The newest rules of some plans, kept as a stack that is found again by its content id.</summary>
    /// <exception cref="RateCardException">A plan does not exist.</exception>
    public async ValueTask<PriceStack> StackAsync(IReadOnlyList<string> names, CancellationToken cancel)
    {
        var plans = new PricePlan[names.Count];
        for (var i = 0; i < plans.Length; i++)
        {
            var record = await FindPlanAsync(names[i], cancel).ConfigureAwait(false)
                ?? throw new RateCardException($"plan '{names[i]}' does not exist: set it first.");
            plans[i] = await PlanAsync(record.ContentId, cancel).ConfigureAwait(false);
        }
        var stack = new PriceStack(plans);
        var content = Encoding.ASCII.GetBytes(string.Join('/', plans.Select(plan => plan.ContentId)));
        await directory.StoreAsync(stack.ContentId, content, cancel).ConfigureAwait(false);
        return stack;
    }

    /// <summary>A stack by its content id.</summary>
    public async ValueTask<PriceStack> StackAsync(string contentId, CancellationToken cancel)
    {
        var ids = Encoding.ASCII.GetString(await ContentAsync(contentId, cancel).ConfigureAwait(false));
        var plans = new List<PricePlan>();
        foreach (var id in ids.Split('/', StringSplitOptions.RemoveEmptyEntries)) plans.Add(await PlanAsync(id, cancel).ConfigureAwait(false));
        return new PriceStack(plans);
    }

    /// <summary>A card by its content id.</summary>
    public async ValueTask<RateCard> CardAsync(string contentId, CancellationToken cancel)
    {
        if (_cards.TryGetValue(contentId, out var known)) return known;
        var card = RateCardJson.Read(await ContentAsync(contentId, cancel).ConfigureAwait(false));
        if (_cards.Count >= MaxCards) _cards.Clear();
        return _cards.GetOrAdd(contentId, card);
    }

    /// <summary>A plan by its content id.</summary>
    public async ValueTask<PricePlan> PlanAsync(string contentId, CancellationToken cancel)
    {
        if (_plans.TryGetValue(contentId, out var known)) return known;
        var plan = PricePlanJson.Read(await ContentAsync(contentId, cancel).ConfigureAwait(false));
        if (_plans.Count >= MaxPlans) _plans.Clear();
        return _plans.GetOrAdd(contentId, plan);
    }

    /// <summary>How many records there are: another number says that something has changed.</summary>
    public ValueTask<long> CountAsync(CancellationToken cancel) => directory.CountAsync(cancel);

    private async ValueTask<byte[]> ContentAsync(string contentId, CancellationToken cancel) =>
        await directory.ReadAsync(contentId, cancel).ConfigureAwait(false)
        ?? throw new DirectoryException($"The prices {contentId} are not in the directory, but a record or an entry names them: restore it from a backup.");

    private static string NameOf(long account) => account.ToString(CultureInfo.InvariantCulture);

    private static string IdOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..32];
}
