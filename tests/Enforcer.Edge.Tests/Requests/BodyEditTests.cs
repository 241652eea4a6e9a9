using Enforcer.Edge.Tests.Support;

namespace Enforcer.Edge.Tests.Requests;

/// <summary>What the upstream gets: the limit lowered to what was granted, usage asked for, and every other byte as the customer wrote it.</summary>
public sealed class BodyEditTests
{
    [Theory]
    // A limit above what was granted is lowered where it stands; spaces, order and unknown fields stay.
    [InlineData("chat", """{ "model" : "m", "max_tokens" : 900 , "messages": [], "x": {"y":1} }""", 50, """{ "model" : "m", "max_tokens" : 50 , "messages": [], "x": {"y":1} }""")]
    [InlineData("chat", """{"model":"m","messages":[],"max_completion_tokens":900}""", 50, """{"model":"m","messages":[],"max_completion_tokens":50}""")]
    [InlineData("chat", """{"model":"m","messages":[],"max_completion_tokens":900,"max_tokens":40}""", 30, """{"model":"m","messages":[],"max_completion_tokens":30,"max_tokens":30}""")]
    [InlineData("responses", """{"model":"m","input":"hi","max_output_tokens":900}""", 50, """{"model":"m","input":"hi","max_output_tokens":50}""")]
    [InlineData("messages", """{"model":"m","max_tokens":900,"messages":[]}""", 50, """{"model":"m","max_tokens":50,"messages":[]}""")]
    // One within what was granted is left alone.
    [InlineData("chat", """{"model":"m","messages":[],"max_tokens":40}""", 50, """{"model":"m","messages":[],"max_tokens":40}""")]
    // Where there is none, one is set.
    [InlineData("chat", """{"model":"m","messages":[]}""", 50, """{"max_completion_tokens":50,"model":"m","messages":[]}""")]
    [InlineData("responses", """{"model":"m","input":"hi"}""", 50, """{"max_output_tokens":50,"model":"m","input":"hi"}""")]
    // What was granted is for all choices together.
    [InlineData("chat", """{"model":"m","messages":[],"n":4,"max_tokens":100}""", 200, """{"model":"m","messages":[],"n":4,"max_tokens":50}""")]
    // Nothing is generated, nothing is limited.
    [InlineData("embeddings", """{"model":"m","input":["a","b"]}""", 0, """{"model":"m","input":["a","b"]}""")]
    public void The_limit_is_lowered(string operation, string body, long granted, string sent) => Assert.Equal(sent, Calls.Sent(operation, body, granted));

    [Theory]
    [InlineData("""{"model":"m","messages":[],"max_tokens":9,"stream":true}""", """{"stream_options":{"include_usage":true},"model":"m","messages":[],"max_tokens":9,"stream":true}""", true)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":null}""", """{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"include_usage":true}}""", true)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"include_usage":false}}""", """{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"include_usage":true}}""", true)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"a":1}}""", """{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"include_usage":true,"a":1}}""", true)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"include_usage":true}}""", """{"model":"m","messages":[],"max_tokens":9,"stream":true,"stream_options":{"include_usage":true}}""", false)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":9}""", """{"model":"m","messages":[],"max_tokens":9}""", false)]
    public void A_stream_is_asked_for_its_usage(string body, string sent, bool hides)
    {
        Assert.Equal(sent, Calls.Sent("chat", body, 50));
        Assert.Equal(hides, Calls.Read("chat", body).HidesUsage);
    }
}
