using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary>Looks through the messages and tools of a chat completion for all that its bytes do not bound.</summary>
internal static class ChatPrompt
{
    public static PromptFacts Read(JsonElement root, UpstreamSettings upstream)
    {
        var facts = new PromptFacts();
        if (root.Field("messages") is null)
            throw new BadCallException("messages is missing; give a list of at least one message.", "messages");
        foreach (var message in root.List("messages"))
            Message(facts, message, upstream);
        foreach (var tool in root.List("tools"))
            Tool(facts, tool);
        facts.Tools += root.List("functions").Count();
        if (root.Field("web_search_options") is not null)
            PromptRules.WebSearches(facts, upstream, asked: null, "web_search_options");
        if (root.Field("prediction") is { } prediction)
            facts.ExtraOutputTokens = prediction.GetRawText().Length * 4L;
        return facts;
    }

    private static void Message(PromptFacts facts, JsonElement message, UpstreamSettings upstream)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw new BadCallException($"messages holds {JsonFields.KindOf(message)}; each message is an object with role and content.", "messages");
        facts.Messages++;
        if (message.Field("audio") is not null)
            PromptRules.File(facts, upstream, "messages.audio");
        if (message.Field("content") is not { ValueKind: JsonValueKind.Array } parts)
            return;
        foreach (var part in parts.EnumerateArray())
            Part(facts, part, upstream);
    }

    private static void Part(PromptFacts facts, JsonElement part, UpstreamSettings upstream)
    {
        const string Field = "messages.content";
        switch (part.Text("type"))
        {
            case "text" or "refusal":
                break;
            case "image_url":
                PromptRules.Image(facts, part.Field("image_url")?.Field("url"));
                break;
            case "input_audio":
                facts.AudioBytes += part.GetRawText().Length;
                break;
            case "file":
                PromptRules.File(facts, upstream, Field);
                break;
            case var type:
                throw new BadCallException($"{Field} has a part of the type '{type}', whose tokens have no bound here; use text, image_url or input_audio.", Field);
        }
    }

    private static void Tool(PromptFacts facts, JsonElement tool)
    {
        facts.Tools++;
        if (tool.Text("type") is not ("function" or "custom"))
            throw new BadCallException($"tools has one of the type '{tool.Text("type")}', whose cost has no bound here; use functions.", "tools");
    }
}
