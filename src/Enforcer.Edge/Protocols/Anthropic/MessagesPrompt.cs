using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;

namespace Enforcer.Edge.Protocols.Anthropic;

/// <summary>Looks through the messages and tools of a call for all that its bytes do not bound.</summary>
internal static class MessagesPrompt
{
    /// <summary>Tools that run at the customer's and cost no more than their definitions.</summary>
    private static readonly string[] CustomersTools = ["custom", "bash_", "text_editor_", "computer_", "memory_"];

    public static PromptFacts Read(JsonElement root, UpstreamSettings upstream)
    {
        var facts = new PromptFacts();
        if (root.Field("messages") is null)
            throw new BadCallException("messages: Field required; give a list of at least one message.", "messages");
        if (root.Field("container") is not null || root.Field("mcp_servers") is not null)
            throw new BadCallException("container and mcp_servers have costs that have no bound here; leave them out.", "container");
        foreach (var message in root.List("messages"))
        {
            if (message.ValueKind != JsonValueKind.Object)
                throw new BadCallException($"messages holds {JsonFields.KindOf(message)}; each message is an object with role and content.", "messages");
            facts.Messages++;
            Blocks(facts, message.Field("content"), upstream);
        }
        if (root.Field("system") is not null)
            facts.Messages++;
        foreach (var tool in root.List("tools"))
            Tool(facts, tool, upstream);
        return facts;
    }

    private static void Blocks(PromptFacts facts, JsonElement? content, UpstreamSettings upstream)
    {
        if (content is not { ValueKind: JsonValueKind.Array } blocks)
            return;
        foreach (var block in blocks.EnumerateArray())
            Block(facts, block, upstream);
    }

    private static void Block(PromptFacts facts, JsonElement block, UpstreamSettings upstream)
    {
        const string Field = "messages.content";
        switch (block.Text("type"))
        {
            case "text" or "tool_use" or "thinking":
                break;
            case "image":
                Image(facts, block);
                break;
            case "tool_result":
                Blocks(facts, block.Field("content"), upstream);
                break;
            case "document" when block.Field("source")?.Text("type") == "text":
                break;
            case "document" or "search_result" or "redacted_thinking" or "server_tool_use" or "web_search_tool_result" or "container_upload":
                PromptRules.File(facts, upstream, Field);
                break;
            case var type:
                throw new BadCallException($"{Field} has a block of the type '{type}', whose tokens have no bound here; use text, image, tool_use and tool_result.", Field);
        }
    }

    private static void Image(PromptFacts facts, JsonElement block)
    {
        facts.Images++;
        if (block.Field("source") is { } source && source.Text("type") == "base64" && source.Field("data") is { ValueKind: JsonValueKind.String } data)
            facts.MediaBytes += data.GetRawText().Length;
    }

    private static void Tool(PromptFacts facts, JsonElement tool, UpstreamSettings upstream)
    {
        facts.Tools++;
        var type = tool.Text("type");
        if (type is null || Array.Exists(CustomersTools, known => type.StartsWith(known, StringComparison.Ordinal)))
            return;
        if (!type.StartsWith("web_search_", StringComparison.Ordinal))
            throw new BadCallException($"tools has one of the type '{type}', whose cost has no bound here; use tools of your own.", "tools");
        if (tool.Count("max_uses") is not { } uses)
            throw new BadCallException("tools has a web search without max_uses; set how often it may search.", "tools");
        PromptRules.WebSearches(facts, upstream, uses, "tools.max_uses");
    }
}
