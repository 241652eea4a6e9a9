using System.Text;
using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;

namespace Enforcer.Grpc.Tests;

/// <summary>Metadata, timeouts and messages as they travel in headers.</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Text_and_bytes_go_there_and_come_back_in_trailers()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        var headers = new GrpcMetadata { { "x-echo", "text, with a comma" }, { "x-echo-bin", [0, 1, 254, 255] } };
        var answer = await channel.UnaryWithMetadataAsync(ProbeService.Echo, new(), new() { Headers = headers });
        Assert.Equal("text, with a comma", answer.Trailers.Get("x-echo"));
        Assert.Equal([0, 1, 254, 255], answer.Trailers.GetBytes("x-echo-bin")!);
        using var call = channel.Duplex(ProbeService.Chat, new() { Headers = headers });
        await call.CompleteAsync();
        Assert.Null(await call.Reader.ReadAsync());
        Assert.Equal([0, 1, 254, 255], call.Trailers.GetBytes("x-echo-bin")!);
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() =>
            channel.UnaryAsync(ProbeService.Echo, new ProbeRequest { Fail = 5 }, new() { Headers = headers }).AsTask());
        Assert.Equal("text, with a comma", error.Trailers.Get("x-echo"));
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("with space")]
    [InlineData("grpc-status")]
    [InlineData("")]
    [InlineData("x-bin")]
    public void Bad_keys_for_text_are_refused(string key) => Assert.ThrowsAny<ArgumentException>(() => new GrpcMetadata().Add(key, "v"));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("ü")]
    [InlineData("\0")]
    public void Text_is_printable_ascii(string value) => Assert.Throws<ArgumentException>(() => new GrpcMetadata().Add("x", value));

    [Fact]
    public void Bytes_need_a_key_in_bin() => Assert.Throws<ArgumentException>(() => new GrpcMetadata().Add("x", [1]));

    [Fact]
    public void Repeated_keys_keep_all_values()
    {
        var metadata = new GrpcMetadata { { "x", "1" }, { "x", "2" } };
        Assert.Equal(["1", "2"], metadata.GetAll("x"));
        Assert.Equal("1", metadata.Get("X"));
        Assert.Null(metadata.Get("y"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("AA==", "00")]
    [InlineData("AA", "00")]
    [InlineData("AAE=", "0001")]
    [InlineData("AAE", "0001")]
    [InlineData("AAEC", "000102")]
    public void Base64_is_taken_with_and_without_padding(string text, string hex)
    {
        Assert.True(BinaryHeader.TryDecode(text, out var bytes));
        Assert.Equal(hex, Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("A===")]
    [InlineData("!!!!")]
    public void Broken_base64_is_no_value(string text) => Assert.False(BinaryHeader.TryDecode(text, out _));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("ü€", "%C3%BC%E2%82%AC")]
    [InlineData("\u007f", "%7F")]
    public void Messages_are_percent_encoded(string message, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(message));
        Assert.Equal(message, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("50% off", "50% off")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("%c3%bc", "ü")]
    public void Broken_escapes_stay_as_they_are(string encoded, string message) => Assert.Equal(message, StatusMessage.Decode(encoded));

    [Fact]
    public void Long_messages_are_cut() =>
        Assert.Equal(StatusMessage.MaxChars, StatusMessage.Encode(new string('x', 1_000_000)).Length);

    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("1n", 1)]
    [InlineData("250n", 3)]
    [InlineData("0S", 0)]
    public void Timeouts_are_read_in_every_unit(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Fact]
    public void Timeout_longer_than_a_timer_counts_as_the_longest()
    {
        Assert.True(GrpcTimeout.TryParse("99999999H", out var timeout));
        Assert.Equal(GrpcTimeout.Longest, timeout);
    }

    [Theory]
    [InlineData(0, "1n")]
    [InlineData(-5, "1n")]
    [InlineData(1, "1u")]
    [InlineData(50_000_000, "5000000u")]
    [InlineData(1_000_000_001, "100000m")]
    public void Timeouts_are_written_rounded_up(long ticks, string text)
    {
        var written = GrpcTimeout.Format(TimeSpan.FromTicks(ticks));
        Assert.True(GrpcTimeout.TryParse(written, out var back));
        Assert.True(back.Ticks >= ticks);
        if (ticks < 1_000_000_000)
            Assert.Equal(text, written);
    }

    [Fact]
    public void Longest_timeout_can_be_written_and_read()
    {
        Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(TimeSpan.MaxValue), out var timeout));
        Assert.Equal(GrpcTimeout.Longest, timeout);
    }

    [Fact]
    public void Damaged_details_do_not_hide_the_status()
    {
        Assert.Empty(RichStatus.Decode("!!!!"));
        Assert.Empty(RichStatus.Decode(Convert.ToBase64String(Encoding.ASCII.GetBytes("no message"))));
        Assert.Empty(RichStatus.Decode(null));
    }
}
