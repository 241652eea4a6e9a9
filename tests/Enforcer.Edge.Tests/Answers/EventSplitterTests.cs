using System.Text;
using Enforcer.Edge.Proxy;

namespace Enforcer.Edge.Tests.Answers;

/// <summary>Events come out whole and unchanged, wherever the network cut them.</summary>
public sealed class EventSplitterTests
{
    private const string Stream = ": a comment\n\ndata: one\n\nevent: x\r\ndata: two\r\n\r\ndata:three\ndata: and more\n\ndata: [DONE]\n\n";
    private static readonly string[] Data = ["", "one", "two", "three\nand more", "[DONE]"];

    [Fact]
    public void Any_cut_gives_the_same_events()
    {
        var bytes = Encoding.UTF8.GetBytes(Stream);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
                Check(bytes[..first], bytes[first..second], bytes[second..]);
        }
    }

    [Fact]
    public void Byte_by_byte_as_well() => Check([.. Encoding.UTF8.GetBytes(Stream).Select(one => new[] { one })]);

    [Fact]
    public void A_long_event_grows_the_buffer_and_comes_out_whole()
    {
        using var splitter = new EventSplitter(1 << 20);
        var text = new string('x', 300_000);
        foreach (var piece in Encoding.UTF8.GetBytes($"data: {text}\n\ndata: after\n\n").Chunk(4_096))
            splitter.Append(piece);
        Assert.Equal([text, "after"], Read(splitter));
    }

    [Fact]
    public void An_event_without_end_is_given_up()
    {
        using var splitter = new EventSplitter(100);
        splitter.Append(new byte[101]);
        Assert.True(splitter.HasGivenUp);
        Assert.Equal(101, splitter.Rest.Length);
    }

    private static void Check(params byte[][] pieces)
    {
        using var splitter = new EventSplitter(1 << 20);
        var (data, passed) = (new List<string>(), new List<byte>());
        foreach (var piece in pieces)
        {
            splitter.Append(piece);
            while (splitter.TryNext(out var one))
            {
                passed.AddRange(one.ToArray());
                data.Add(Encoding.UTF8.GetString(EventSplitter.DataOf(one.Span)));
            }
        }
        Assert.Equal(Data, data);
        Assert.Equal(Stream, Encoding.UTF8.GetString([.. passed]));
        Assert.True(splitter.Rest.IsEmpty);
    }

    private static List<string> Read(EventSplitter splitter)
    {
        var data = new List<string>();
        while (splitter.TryNext(out var one))
            data.Add(Encoding.UTF8.GetString(EventSplitter.DataOf(one.Span)));
        return data;
    }
}
