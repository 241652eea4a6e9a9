using System.Text;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Protocols.Anthropic;
using Enforcer.Edge.Protocols.OpenAi;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Tests.Answers;

/// <summary>A provider's usage in disjoint meters: no token twice, none dropped, and zero is a figure.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":40}""", "input 100, output 40")]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":40,"prompt_tokens_details":{"cached_tokens":60},"completion_tokens_details":{"reasoning_tokens":30}}""",
        "input 40, input_cached 60, output 10, reasoning 30")]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":40,"prompt_tokens_details":{"cached_tokens":20,"audio_tokens":50},"completion_tokens_details":{"audio_tokens":15}}""",
        "input 30, input_audio 50, input_cached 20, output 25, output_audio 15")]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":0,"prompt_tokens_details":{"cached_tokens":80,"audio_tokens":50}}""",
        "input_audio 20, input_audio_cached 30, input_cached 50")]           // 30 of the audio came from the cache
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0}""", "")]      // told as zero
    [InlineData("""{"prompt_tokens":7,"total_tokens":7}""", "input 7")]    // embeddings
    public void Of_chat_completions(string usage, string quantities) =>
        Assert.Equal(quantities, Whole(new ChatTally(hidesUsage: false), $$"""{"id":"c","choices":[],"usage":{{usage}}}"""));

    [Theory]
    [InlineData("""{"input_tokens":100,"output_tokens":40,"input_tokens_details":{"cached_tokens":60},"output_tokens_details":{"reasoning_tokens":30}}""", "[]",
        "input 40, input_cached 60, output 10, reasoning 30")]
    [InlineData("""{"input_tokens":10,"output_tokens":4}""", """[{"type":"web_search_call"},{"type":"message"},{"type":"web_search_call"}]""", "input 10, output 4, web_search 2")]
    public void Of_responses(string usage, string output, string quantities) =>
        Assert.Equal(quantities, Whole(new ResponsesTally(), $$"""{"id":"r","output":{{output}},"usage":{{usage}}}"""));

    [Theory]
    [InlineData("""{"input_tokens":10,"output_tokens":4}""", "input 10, output 4")]
    [InlineData("""{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":7,"output_tokens":4}""", "cache_write_5m 7, input 10, input_cached 5, output 4")]
    [InlineData("""{"input_tokens":10,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},"output_tokens":4}""",
        "cache_write_1h 4, cache_write_5m 3, input 10, output 4")]
    [InlineData("""{"input_tokens":10,"output_tokens":4,"server_tool_use":{"web_search_requests":2,"web_fetch_requests":0}}""", "input 10, output 4, web_search 2")]
    [InlineData("""{"input_tokens":0,"output_tokens":0}""", "")]
    public void Of_messages(string usage, string quantities) =>
        Assert.Equal(quantities, Whole(new MessagesTally(), $$"""{"id":"m","type":"message","usage":{{usage}}}"""));

    [Fact]
    public void Of_a_message_that_is_streamed_later_figures_take_the_place_of_earlier_ones()
    {
        var tally = new MessagesTally();
        Read(tally, """{"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1,"service_tier":"priority"}}}""");
        Read(tally, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"abc"}}""");
        Assert.False(tally.IsFinal);
        Read(tally, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9,"cache_read_input_tokens":0}}""");
        Read(tally, """{"type":"message_stop"}""");
        Assert.True(tally.IsFinal);
        Assert.Equal("input 10, output 9", Text(tally));
        Assert.Equal(ServiceTier.Priority, tally.Tier);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":"abcd"},"finish_reason":null}],"usage":null}""", 4, EventFate.Pass)]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}""", 3, EventFate.Pass)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", 0, EventFate.Hide)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"x"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", 1, EventFate.Pass)]
    [InlineData("[DONE]", 0, EventFate.Pass)]
    public void Of_a_chunk_the_bytes_that_were_generated_are_counted(string chunk, long bytes, object fate)
    {
        var tally = new ChatTally(hidesUsage: true);
        Assert.Equal(fate, tally.OnEvent(Encoding.UTF8.GetBytes(chunk)));
        Assert.Equal(bytes, tally.GeneratedBytes);
    }

    [Fact]
    public void Usage_that_comes_with_every_chunk_is_final_only_at_the_end()
    {
        var tally = new ChatTally(hidesUsage: true);
        foreach (var output in new[] { 1, 2, 3 })
        {
            var chunk = $$$"""{"choices":[{"index":0,"delta":{"content":"x"}}],"usage":{"prompt_tokens":5,"completion_tokens":{{{output}}}}}""";
            Assert.Equal(EventFate.Pass, tally.OnEvent(Encoding.UTF8.GetBytes(chunk)));
            Assert.False(tally.IsFinal);
        }
        Read(tally, "[DONE]");
        Assert.True(tally.IsFinal);
        Assert.Equal("input 5, output 3", Text(tally));
    }

    [Fact]
    public void What_follows_the_end_of_a_message_takes_nothing_back()
    {
        var tally = new MessagesTally();
        Read(tally, """{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""");
        Read(tally, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}""");
        Read(tally, """{"type":"message_stop"}""");
        Read(tally, """{"type":"ping"}""");
        Assert.True(tally.IsFinal);
    }

    [Fact]
    public void Usage_of_a_response_that_goes_on_is_not_final()
    {
        var tally = new ResponsesTally();
        Read(tally, """{"type":"response.in_progress","response":{"id":"r","usage":{"input_tokens":3,"output_tokens":0}}}""");
        Assert.False(tally.IsFinal);
        Read(tally, """{"response":{"id":"r","usage":{"input_tokens":3,"output_tokens":2}},"type":"response.incomplete"}""");
        Assert.True(tally.IsFinal);
    }

    [Fact]
    public void Of_a_response_that_is_streamed_deltas_count_once_and_the_end_tells_all()
    {
        var tally = new ResponsesTally();
        Read(tally, """{"type":"response.output_text.delta","delta":"abcd","sequence_number":4,"obfuscation":"zzzz"}""");
        Read(tally, """{"type":"response.output_text.done","text":"abcd"}""");
        Assert.Equal(4, tally.GeneratedBytes);
        Read(tally, """{"type":"response.completed","response":{"id":"r","model":"g","service_tier":"flex","output":[],"usage":{"input_tokens":3,"output_tokens":2}}}""");
        Assert.True(tally.IsFinal);
        Assert.Equal("input 3, output 2", Text(tally));
        Assert.Equal(ServiceTier.Flex, tally.Tier);
    }

    private static string Whole(AnswerTally tally, string body)
    {
        tally.OnWhole(Encoding.UTF8.GetBytes(body));
        Assert.True(tally.IsFinal);
        return Text(tally);
    }

    private static void Read(AnswerTally tally, string data) => tally.OnEvent(Encoding.UTF8.GetBytes(data));

    /// <summary>The quantities by name, but for the request that each call is.</summary>
    private static string Text(AnswerTally tally)
    {
        var quantities = tally.Usage!.ToQuantities();
        Assert.True(quantities.Remove("requests"));
        return string.Join(", ", quantities.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
    }
}
