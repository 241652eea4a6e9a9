using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Pricing.Tests.Tables;

/// <summary>Which version of a price list counts when, and that a pinned one is found for ever.</summary>
public sealed class BookTests
{
    private static readonly PriceBook Book = PriceBook.StartingWith(Card(1), Day(1)).With(Card(2), Day(10)).With(Card(3), Day(20)).With(Card(4), Day(10));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 4)]
    [InlineData(19, 4)]
    [InlineData(20, 3)]
    [InlineData(30, 3)]
    public void The_latest_beginning_counts_and_of_two_alike_the_later_version(int day, int number) => Assert.Equal(number, Book.At(Day(day))!.Number);

    [Fact]
    public void Before_the_first_there_is_none() => Assert.Null(Book.At(Day(1).AddTicks(-1)));

    [Fact]
    public void A_pin_finds_its_version_and_nothing_else()
    {
        foreach (var version in Book.Versions) Assert.Same(version, Book.Find(version.Pin));
        Assert.Null(Book.Find("2:" + Card(3).ContentId));
        Assert.Null(Book.Find("5:" + Card(3).ContentId));
        Assert.Null(Book.Find("0:" + Card(3).ContentId));
        Assert.Null(Book.Find("nonsense"));
    }

    [Fact]
    public void Adding_changes_no_version_that_was_there()
    {
        var longer = Book.With(Card(9), Day(1));
        Assert.Equal(Book.Versions, longer.Versions.Take(4));
        Assert.Equal(4, Book.Versions.Count);
    }

    [Fact]
    public void Another_sellers_card_or_another_unit_is_refused()
    {
        Assert.Throws<RateCardException>(() => Book.With(new RateCard("other", "USD", []), Day(1)));
        Assert.Throws<RateCardException>(() => Book.With(new RateCard("upstream", "EUR", []), Day(1)));
    }

    [Fact]
    public void Content_ids_follow_content()
    {
        Assert.Equal(Card(1).ContentId, Card(1).ContentId);
        Assert.NotEqual(Card(1).ContentId, Card(2).ContentId);
        Assert.Matches("^[0-9a-f]{32}$", Card(1).ContentId);
        Assert.Equal(new PricePlan("a", new Markup(5.0m)).ContentId, new PricePlan("a", new Markup(5m)).ContentId);
        Assert.NotEqual(new PricePlan("a", new Markup(5)).ContentId, new PricePlan("a", new Markup(6)).ContentId);
    }

    [Fact]
    public void An_offer_pins_prices_and_rules()
    {
        var offer = new Offer(Book.Versions[0], Card(1).Models[0], new PriceStack(new PricePlan("a", new Markup(5))));
        var dearer = new Offer(Book.Versions[0], Card(1).Models[0], new PriceStack(new PricePlan("a", new Markup(6))));
        Assert.StartsWith(Book.Versions[0].Pin + "/", offer.Pin, StringComparison.Ordinal);
        Assert.NotEqual(offer.Pin, dearer.Pin);
    }

    [Fact]
    public void A_model_is_found_by_name_and_by_provider_where_several_have_it()
    {
        var card = new RateCard("upstream", "USD", [Model("a", "x"), Model("b", "x"), Model("b", "yellow")]);
        Assert.Null(card.Find("x"));
        Assert.Equal("b", card.Find("x", "b")!.Provider);
        Assert.Equal("b", card.Find("yellow")!.Provider);
        Assert.Null(card.Find("yellow", "a"));
        Assert.Equal(["yellow"], card.Near("yelow", 3));
        Assert.Empty(card.Near("something else entirely", 3));
        Assert.Throws<RateCardException>(() => new RateCard("upstream", "USD", [Model("a", "x"), Model("a", "x")]));
    }

    private static DateTimeOffset Day(int day) => new(2026, 11, day, 0, 0, 0, TimeSpan.Zero);

    private static RateCard Card(decimal price) => new("upstream", "USD", [new ModelRates("a", "m", [new ListedRate(UsageMeters.Input, price)])]);

    private static ModelRates Model(string provider, string name) => new(provider, name, [new ListedRate(UsageMeters.Input, 1)]);
}
