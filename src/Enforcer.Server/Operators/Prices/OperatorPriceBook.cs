using System.Globalization;
using System.Text.Json;
using Enforcer.Access;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Importing;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Metering;
using Enforcer.Server.Prices;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>The price book: versions from files, one rate at a time, and what they say. A version is never changed.</summary>
internal sealed class OperatorPriceBook(PriceStore store, OfferCatalog offers, IAuditTrail audit, TimeProvider clock) : IDisposable
{
    /// <summary>The longest price file: LiteLLM's has about a third of it.</summary>
    public const int MaxFileBytes = 4 * 1024 * 1024;

    private const int MaxReasonChars = 512;

    /// <summary>A version is made from the one before it: one after the other.</summary>
    private readonly SemaphoreSlim _adding = new(1);

    public async Task<V1.ImportPricesResponse> ImportAsync(V1.ImportPricesRequest request, OperatorCall call)
    {
        RequireReason(request.Reason);
        var report = Parse(request);
        await _adding.WaitAsync(call.Cancel).ConfigureAwait(false);
        try
        {
            return await ImportAsync(request, report, call).ConfigureAwait(false);
        }
        finally
        {
            _adding.Release();
        }
    }

    public async Task<V1.ListPriceVersionsResponse> ListAsync(V1.ListPriceVersionsRequest request, OperatorCall call)
    {
        var versions = await store.VersionsAsync(SellerOf(request.Seller), call.Cancel).ConfigureAwait(false);
        var current = PriceStore.At(versions, NowMs());
        return new V1.ListPriceVersionsResponse { Versions = { versions.Select(version => ViewOf(version, version == current)) } };
    }

    public async IAsyncEnumerable<V1.ModelPrices> ShowAsync(V1.ShowPricesRequest request, OperatorCall call)
    {
        var left = LimitOf(request.Limit);
        var record = await FindAsync(request.Seller, request.Version, call).ConfigureAwait(false);
        var card = await store.CardAsync(record.ContentId, call.Cancel).ConfigureAwait(false);
        var after = (request.AfterModel, request.AfterProvider);
        foreach (var model in card.Models)
        {
            if (!Matches(request.ModelPattern, request.Provider, model.Model, model.Provider) || !IsBehind((model.Model, model.Provider), after)) continue;
            if (left-- == 0) yield break;
            yield return PriceViews.Of(model);
        }
    }

    public async IAsyncEnumerable<V1.PriceChange> DiffAsync(V1.DiffPricesRequest request, OperatorCall call)
    {
        var from = await FindAsync(request.Seller, request.FromVersion, call).ConfigureAwait(false);
        var versions = await store.VersionsAsync(from.Name, call.Cancel).ConfigureAwait(false);
        var to = request.ToVersion == 0 ? versions[^1] : await FindAsync(request.Seller, request.ToVersion, call).ConfigureAwait(false);
        var (before, after) = (await store.CardAsync(from.ContentId, call.Cancel).ConfigureAwait(false), await store.CardAsync(to.ContentId, call.Cancel).ConfigureAwait(false));
        var left = LimitOf(request.Limit);
        foreach (var change in CardDiff.Lines(before, after))
        {
            if (!Matches(request.ModelPattern, request.Provider, change.Model, change.Provider)) continue;
            if (left-- == 0) yield break;
            yield return change;
        }
    }

    public async Task<V1.PriceVersionView> SetRateAsync(V1.SetRateRequest request, OperatorCall call)
    {
        RequireReason(request.Reason);
        var rate = RateOf(request.Rate ?? throw Faults.Invalid("rate is missing; give meter and price."));
        await _adding.WaitAsync(call.Cancel).ConfigureAwait(false);
        try
        {
            var validFromMs = request.ValidFromMs == 0 ? NowMs() : request.ValidFromMs;
            var versions = await store.VersionsAsync(SellerOf(request.Seller), call.Cancel).ConfigureAwait(false);
            var record = PriceStore.At(versions, validFromMs) ?? throw NoVersion(request.Seller);
            var card = await store.CardAsync(record.ContentId, call.Cancel).ConfigureAwait(false);
            return ViewOf(await AddAsync(With(card, request, rate), validFromMs, request.Reason, call).ConfigureAwait(false), isCurrent: validFromMs <= NowMs());
        }
        catch (RateCardException e)
        {
            throw Faults.Invalid(e.Message);
        }
        finally
        {
            _adding.Release();
        }
    }

    public void Dispose() => _adding.Dispose();

    /// <summary>What lists show of a version.</summary>
    public static V1.PriceVersionView ViewOf(PriceRecord record, bool isCurrent)
    {
        var parts = record.Detail.Split(' ');
        return new V1.PriceVersionView
        {
            Seller = record.Name,
            Version = record.Number,
            ValidFromMs = record.ValidFromMs,
            ContentId = record.ContentId,
            Unit = parts[0],
            Models = int.Parse(parts[^1], CultureInfo.InvariantCulture),
            AddedAtMs = record.AtMs,
            Actor = record.Actor,
            Reason = record.Reason,
            IsCurrent = isCurrent,
        };
    }

    internal static void RequireReason(string reason)
    {
        if (reason.Length > MaxReasonChars || reason.Any(c => char.IsControl(c) || c == '\uFFFD'))
            throw Faults.Invalid($"reason is not at most {MaxReasonChars} characters of text; shorten it.");
    }

    private static long LimitOf(int limit) => limit switch
    {
        < 0 => throw Faults.Invalid($"limit is {limit}; give 1 or more, or 0 for all."),
        0 => long.MaxValue,
        _ => limit,
    };

    private static bool Matches(string pattern, string wantedProvider, string model, string provider) =>
        (pattern.Length == 0 || Ledger.Limits.ModelPatterns.Matches(pattern, model)) && (wantedProvider.Length == 0 || wantedProvider == provider);

    /// <summary>In the order of the card: by model, then provider.</summary>
    private static bool IsBehind((string Model, string Provider) one, (string Model, string Provider) other)
    {
        var order = string.CompareOrdinal(one.Model, other.Model);
        return order > 0 || (order == 0 && string.CompareOrdinal(one.Provider, other.Provider) > 0);
    }

    private async Task<V1.ImportPricesResponse> ImportAsync(V1.ImportPricesRequest request, ImportReport report, OperatorCall call)
    {
        var card = report.Card;
        var validFromMs = request.ValidFromMs == 0 ? NowMs() : request.ValidFromMs;
        var versions = await store.VersionsAsync(card.Seller, call.Cancel).ConfigureAwait(false);
        var record = PriceStore.At(versions, validFromMs);
        var current = record is null ? new RateCard(card.Seller, card.Unit, []) : await store.CardAsync(record.ContentId, call.Cancel).ConfigureAwait(false);
        if (current.Unit != card.Unit)
            throw Faults.Precondition("WRONG_UNIT", $"the book of {card.Seller} is in {current.Unit}, the file in {card.Unit}; prices do not change their unit: give another seller.");
        var response = new V1.ImportPricesResponse
        {
            Entries = report.Entries,
            Imported = card.Models.Count,
            Rejected = { report.Rejected.Select(entry => new V1.RejectedPrice { Model = entry.Model, Problems = { entry.Problems.Select(problem => problem.ToString()) } }) },
        };
        (response.ModelsAdded, response.ModelsRemoved, response.ModelsChanged) = CardDiff.Count(current, card);
        var isSame = record?.ContentId == card.ContentId;
        if (isSame) response.Version = ViewOf(record!, isCurrent: true);
        else if (!request.DryRun) response.Version = ViewOf(await AddAsync(card, validFromMs, request.Reason, call).ConfigureAwait(false), validFromMs <= NowMs());
        else response.Version = new V1.PriceVersionView { Seller = card.Seller, ValidFromMs = validFromMs, ContentId = card.ContentId, Models = card.Models.Count, Unit = card.Unit };
        response.Summary = $"{report.Summary} " + (isSame
            ? $"Nothing is new: version {record!.Number} says the same."
            : $"{(request.DryRun ? "Nothing was added; it would be" : $"Version {response.Version.Version} is")} {response.ModelsAdded} models added, {response.ModelsChanged} changed, {response.ModelsRemoved} removed.");
        return response;
    }

    private async Task<PriceRecord> AddAsync(RateCard card, long validFromMs, string reason, OperatorCall call)
    {
        var record = await store.AddAsync(card, validFromMs, NowMs(), call.Actor, reason, call.Cancel).ConfigureAwait(false);
        offers.Change();
        await audit.AppendAsync(
            new AuditNote(AuditKind.Change, record.AtMs, call.Actor, AuditActions.PriceVersion, $"{record.Name} {record.Number}", reason), call.Cancel).ConfigureAwait(false);
        return record;
    }

    private static ImportReport Parse(V1.ImportPricesRequest request)
    {
        if (request.File.IsEmpty) throw Faults.Invalid("file is empty; give a rate card or LiteLLM's price file.");
        if (request.File.Length > MaxFileBytes) throw Faults.TooLarge($"file has {request.File.Length} bytes; at most {MaxFileBytes} are taken: leave out what nobody calls.");
        var seller = SellerOf(request.Seller);
        try
        {
            if (!IsCard(request.File.Memory)) return LiteLlmImporter.Import(request.File.Memory, seller);
            var card = RateCardJson.Read(request.File.Memory);
            if (!DirectoryRules.IsAccountId(card.Seller)) throw Faults.Invalid($"card.seller is not {DirectoryRules.AccountIdRule}; choose such a name.");
            if (request.Seller.Length > 0 && request.Seller != card.Seller)
                throw Faults.Invalid($"seller is {request.Seller}, but the card is {card.Seller}'s; leave the field out, or change the card.");
            return new ImportReport(card, []);
        }
        catch (Exception e) when (e is RateCardException or JsonException)
        {
            throw Faults.Invalid($"file is not understood: {e.Message}");
        }
    }

    private static bool IsCard(ReadOnlyMemory<byte> file)
    {
        using var document = JsonDocument.Parse(file);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("models", out var models) && models.ValueKind == JsonValueKind.Array;
    }

    private static ListedRate RateOf(V1.Rate rate)
    {
        if (!UsageMeter.TryParse(rate.Meter, out var meter)) throw Faults.Invalid($"rate.meter '{rate.Meter}' is no meter; give one of docs/prices.md, or custom. and a name.");
        if (!ExactDecimal.TryParse(rate.Price, out var price)) throw Faults.Invalid($"rate.price '{rate.Price}' is no decimal number of at most 28 digits.");
        var tier = ServiceTier.Standard;
        if (rate.Tier.Length > 0 && !ServiceTiers.TryParse(rate.Tier, out tier)) throw Faults.Invalid($"rate.tier '{rate.Tier}' is no service tier; give standard, batch, flex, priority or fast.");
        try
        {
            return new ListedRate(meter, RateCardJson.UnitPrice(price, rate.Per == 0 ? 1 : rate.Per, "rate"), tier, rate.AbovePromptTokens);
        }
        catch (RateCardException e)
        {
            throw Faults.Invalid(e.Message);
        }
    }

    private static RateCard With(RateCard card, V1.SetRateRequest request, ListedRate rate)
    {
        var old = card.Find(request.Model, request.Provider.Length == 0 ? null : request.Provider);
        if (old is null && request.Provider.Length == 0)
            throw Faults.Invalid($"provider is missing; model '{request.Model}' is not listed, or for several: name who serves it.");
        var rates = (old?.Rates ?? []).Where(listed => listed.CompareTo(rate) != 0).Append(rate);
        var changed = new ModelRates(old?.Provider ?? request.Provider, request.Model, rates)
        {
            Mode = old?.Mode,
            MaxInputTokens = old?.MaxInputTokens,
            MaxOutputTokens = old?.MaxOutputTokens,
            Source = old?.Source,
            TierMultipliers = old?.TierMultipliers ?? new Dictionary<ServiceTier, Ratio>(),
            RegionMultipliers = old?.RegionMultipliers ?? new Dictionary<string, Ratio>(),
        };
        return new RateCard(card.Seller, card.Unit, card.Models.Where(model => model != old).Append(changed)) { Source = card.Source };
    }

    private async Task<PriceRecord> FindAsync(string seller, int number, OperatorCall call)
    {
        var versions = await store.VersionsAsync(SellerOf(seller), call.Cancel).ConfigureAwait(false);
        var found = number == 0 ? PriceStore.At(versions, NowMs()) : versions.FirstOrDefault(version => version.Number == number);
        return found ?? throw (number == 0 ? NoVersion(seller) : Faults.NotFound("version", number.ToString(CultureInfo.InvariantCulture), "list the versions to see which there are."));
    }

    private static Grpc.GrpcStatusException NoVersion(string seller) => Faults.NotFound("price_book", SellerOf(seller), "import a file first.");

    private static string SellerOf(string seller)
    {
        if (seller.Length == 0) return PriceStore.Upstream;
        return DirectoryRules.IsAccountId(seller) ? seller : throw Faults.Invalid($"seller is not {DirectoryRules.AccountIdRule}; choose such a name.");
    }

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
