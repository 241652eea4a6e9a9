using System.Text;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Tests.Support;

namespace Enforcer.Edge.Tests.Requests;

/// <summary>Requests that cannot be made: malformed ones, and ones whose cost nobody can bound. Each error names the field and the way out.</summary>
public sealed class BadRequestTests
{
    [Theory]
    [InlineData("chat", """{"model":"m","messages":[],"max_tokens":0}""", "max_tokens", "1 to")]
    [InlineData("chat", """{"model":"m","messages":[],"max_tokens":-5}""", "max_tokens", "1 to")]
    [InlineData("chat", """{"model":"m","messages":[],"max_tokens":1.5}""", "max_tokens", "whole number")]
    [InlineData("chat", """{"model":"m","messages":[],"max_tokens":1e300}""", "max_tokens", "1e300")]
    [InlineData("chat", """{"model":"m","messages":[],"max_tokens":"many"}""", "max_tokens", "a string")]
    [InlineData("chat", """{"model":"m","messages":[],"n":1000}""", "n", "128")]
    [InlineData("chat", """{"messages":[]}""", "model", "missing")]
    [InlineData("chat", """{"model":7,"messages":[]}""", "model", "a number")]
    [InlineData("chat", """{"model":"two words","messages":[]}""", "model", "U+0020")]
    [InlineData("chat", """{"model":"m"}""", "messages", "missing")]
    [InlineData("chat", """{"model":"m","messages":"hi"}""", "messages", "give a list")]
    [InlineData("chat", """{"model":"m","messages":["hi"]}""", "messages", "a string")]
    [InlineData("chat", """{"model":"m","messages":[],"stream":"yes"}""", "stream", "true or false")]
    [InlineData("chat", """{"model":"m","messages":[],"service_tier":"gold"}""", "service_tier", "gold")]
    [InlineData("chat", """{"model":"m","messages":[],"tools":[{"type":"browser"}]}""", "tools", "browser")]
    [InlineData("chat", """{"model":"m","messages":[],"web_search_options":{}}""", "web_search_options", "web_searches")]
    [InlineData("chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}""", "messages.content", "file_tokens")]
    [InlineData("chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"hologram"}]}]}""", "messages.content", "hologram")]
    [InlineData("responses", """{"model":"m"}""", "input", "missing")]
    [InlineData("responses", """{"model":"m","input":"x","previous_response_id":"resp_1"}""", "previous_response_id", "stored_context_tokens")]
    [InlineData("responses", """{"model":"m","input":"x","background":true}""", "background", "leave it out")]
    [InlineData("responses", """{"model":"m","input":"x","tools":[{"type":"web_search"}]}""", "max_tool_calls", "set it")]
    [InlineData("messages", """{"model":"m","messages":[]}""", "max_tokens", "Field required")]
    [InlineData("messages", """{"model":"m","max_tokens":100,"thinking":{"type":"enabled","budget_tokens":200},"messages":[]}""", "thinking", "less than")]
    [InlineData("messages", """{"model":"m","max_tokens":9,"messages":[],"tools":[{"type":"web_search_20250305"}]}""", "tools", "max_uses")]
    [InlineData("embeddings", """{"model":"m"}""", "input", "missing")]
    public void Each_names_its_field(string operation, string body, string field, string words)
    {
        var bad = Assert.Throws<BadCallException>(() => Calls.Read(operation, body));
        Assert.Equal(field, bad.Field);
        Assert.Contains(words, bad.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("nul")]
    [InlineData("""{"model":"m",}""")]
    [InlineData("""{"model":"m"} {"model":"n"}""")]
    [InlineData("""{"max_tokens":1,"max_tokens":100000}""")]           // which one would the upstream read?
    [InlineData("""{"max_tokens":1,"max\u005ftokens":100000}""")]
    [InlineData("""{"a":{"b":1,"b":2}}""")]
    public void What_is_no_json_object_is_refused(string body) =>
        Assert.Throws<BadCallException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes(body)));
}
