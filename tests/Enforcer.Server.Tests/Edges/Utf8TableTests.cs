using System.Text;
using Enforcer.Server.Edges.Wire;

namespace Enforcer.Server.Tests.Edges;

public sealed class Utf8TableTests
{
    [Fact]
    public void Text_is_found_by_its_bytes_alone()
    {
        var table = new Utf8Table<Named>(1024, named => named.Text);
        table.Set(new Named("acme", "one"));
        table.Set(new Named("acme-2", "two"));
        Assert.True(table.TryGet(Encoding.UTF8.GetBytes("acme"), out var found));
        Assert.Equal("one", found.Value);
        Assert.False(table.TryGet("acm"u8, out _));
        Assert.False(table.TryGet(""u8, out _));
    }

    [Fact]
    public void Text_set_again_means_the_newer()
    {
        var table = new Utf8Table<Named>(4, named => named.Text);
        table.Set(new Named("a", "old"));
        table.Set(new Named("a", "new"));
        Assert.True(table.TryGet("a"u8, out var found));
        Assert.Equal("new", found.Value);
    }

    [Fact]
    public void Table_stays_within_its_bound_and_never_confuses_texts()
    {
        const int Capacity = 64;
        var table = new Utf8Table<Named>(Capacity, named => named.Text);
        for (var i = 0; i < 10_000; i++) table.Set(new Named($"account-{i}", $"account-{i}"));
        var kept = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (!table.TryGet(Encoding.UTF8.GetBytes($"account-{i}"), out var found)) continue;
            Assert.Equal($"account-{i}", found.Value);
            kept++;
        }
        Assert.InRange(kept, 1, Capacity);
        Assert.True(table.TryGet("account-9999"u8, out _));
    }

    [Theory]
    [InlineData("modèle")]
    [InlineData("\0é")]
    public void Text_that_is_not_ASCII_is_not_kept(string text)
    {
        var table = new Utf8Table<Named>(16, named => named.Text);
        table.Set(new Named(text, "found"));
        Assert.False(table.TryGet(Encoding.UTF8.GetBytes(text), out _));
        Assert.False(table.TryGet(Encoding.Latin1.GetBytes(text), out _));
    }

    private sealed record Named(string Text, string Value);
}
