using System.Globalization;
using Enforcer.Access;
using Enforcer.Server.Prices;

namespace Enforcer.Server.Tests;

/// <summary>What was read of prices stays at hand, but never more than a bound of it.</summary>
public sealed class PriceStoreTests
{
    [Fact]
    public Task A_few_cards_are_kept() => KeepsAsync(
        8, """{ "seller": "s", "unit": "USD", "models": [] }""", static (store, id) => store.CardAsync(id, default));

    [Fact]
    public Task Some_thousand_plans_are_kept() => KeepsAsync(
        4_096, """{ "name": "p", "rules": [] }""", static (store, id) => store.PlanAsync(id, default));

    private static async Task KeepsAsync<T>(int bound, string content, Func<PriceStore, string, ValueTask<T>> read)
    {
        var directory = new CountedPrices(System.Text.Encoding.UTF8.GetBytes(content));
        var store = new PriceStore(directory);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < bound; i++) await read(store, Id(i));
        }
        Assert.Equal(bound, directory.Reads);
        // One more makes the others leave.
        await read(store, Id(bound));
        await read(store, Id(0));
        Assert.Equal(bound + 2, directory.Reads);
        await read(store, Id(bound));
        Assert.Equal(bound + 2, directory.Reads);
    }

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class CountedPrices(byte[] content) : IPriceDirectory
    {
        public int Reads { get; private set; }

        public ValueTask<byte[]?> ReadAsync(string contentId, CancellationToken cancellation)
        {
            Reads++;
            return ValueTask.FromResult<byte[]?>(content);
        }

        public ValueTask<PriceRecord> AddAsync(NewPriceRecord record, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask StoreAsync(string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PriceRecord>> ListAsync(PriceRecordKind kind, string name, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<PriceRecord?> FindLatestAsync(PriceRecordKind kind, string name, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PriceRecord>> ListLatestAsync(PriceRecordKind kind, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<long> CountAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
