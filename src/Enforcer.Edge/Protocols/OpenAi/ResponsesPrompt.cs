using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary>Looks through the input and tools of a response for all that its bytes do not bound.</summary>
internal static class ResponsesPrompt
{
    public static PromptFacts Read(JsonElement root, UpstreamSettings upstream)
    {
        var facts = new PromptFacts();
        PromptRules.StoredContext(facts, root, upstream, "previous_response_id", "conversation", "prompt");
        switch (root.Field("input"))
        {
            case null:
                throw new BadCallException("input is missing; give a text or a list of items.", "input");
            case { ValueKind: JsonValueKind.String }:
                facts.Messages = 1;
                break;
            default:
                foreach (var item in root.List("input"))
                    Item(facts, item, upstream);
                break;
        }
        if (root.Field("instructions") is not null)
            facts.Messages++;
        foreach (var tool in root.List("tools"))
            Tool(facts, tool, upstream, root.Count("max_tool_calls"));
        return facts;
    }

    private static void Item(PromptFacts facts, JsonElement item, UpstreamSettings upstream)
    {
        const string Field = "input";
        if (item.ValueKind != JsonValueKind.Object)
            throw new BadCallException($"{Field} holds {JsonFields.KindOf(item)}; each item is an object.", Field);
        facts.Messages++;
        switch (item.Text("type"))
        {
            case null or "message":
                Parts(facts, item, "content", upstream);
                break;
            case "function_call_output" or "custom_tool_call_output":
                Parts(facts, item, "output", upstream);
                break;
            case "function_call" or "custom_tool_call":
                break;
            case "reasoning" when item.Text("encrypted_content") is null:
                break;
            case "reasoning":
                PromptRules.File(facts, upstream, "input.encrypted_content");
                break;
            case var type:
                throw new BadCallException($"{Field} has an item of the type '{type}', whose tokens have no bound here; use messages and function calls.", Field);
        }
    }

    private static void Parts(PromptFacts facts, JsonElement item, string name, UpstreamSettings upstream)
    {
        if (item.Field(name) is not { ValueKind: JsonValueKind.Array } parts)
            return;
        foreach (var part in parts.EnumerateArray())
        {
            switch (part.Text("type"))
            {
                case "input_text" or "output_text" or "refusal" or "text":
                    break;
                case "input_image":
                    PromptRules.Image(facts, part.Field("image_url"));
                    break;
                case "input_file":
                    PromptRules.File(facts, upstream, "input.content");
                    break;
                case var type:
                    throw new BadCallException($"input has a part of the type '{type}', whose tokens have no bound here; use input_text or input_image.", "input");
            }
        }
    }

    private static void Tool(PromptFacts facts, JsonElement tool, UpstreamSettings upstream, long? mostCalls)
    {
        facts.Tools++;
        var type = tool.Text("type") ?? "";
        if (type is "function" or "custom")
            return;
        if (!type.StartsWith("web_search", StringComparison.Ordinal))
            throw new BadCallException($"tools has one of the type '{type}', whose cost has no bound here; use functions.", "tools");
        if (mostCalls is null)
            throw new BadCallException("tools has a web search, and max_tool_calls does not say how often it may be used; set it.", "max_tool_calls");
        PromptRules.WebSearches(facts, upstream, mostCalls, "max_tool_calls");
    }
}
