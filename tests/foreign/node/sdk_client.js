// The official SDKs of OpenAI and Anthropic against an edge: sdk_client.js SCHEMA SCENARIO EDGE KEY
"use strict";

const assert = require("node:assert");
const { Anthropic } = require("@anthropic-ai/sdk");
const { OpenAI } = require("openai");

const [, , , scenario, edge, key] = process.argv;
let requests = 0;
// Counts what leaves, so that it is known whether an SDK tries again.
const counting = (...args) => {
  requests++;
  return fetch(...args);
};
const openai = new OpenAI({ apiKey: key, baseURL: edge + "v1", maxRetries: 3, fetch: counting });
const anthropic = new Anthropic({ apiKey: key, baseURL: edge, maxRetries: 3, fetch: counting });
const ask = [{ role: "user", content: "Say something." }];
const gpt = "gpt-5.4-mini";
const claude = "claude-sonnet-4-6";

async function collect(stream) {
  const all = [];
  for await (const one of stream) all.push(one);
  return all;
}

const scenarios = {
  async chat() {
    const answer = await openai.chat.completions.create({ model: gpt, messages: ask });
    assert.ok(answer.choices[0].message.content.length > 0);
    assert.ok(answer.usage.completion_tokens > 0);
  },

  async chat_stream() {
    const chunks = await collect(await openai.chat.completions.create({ model: gpt, messages: ask, stream: true, max_tokens: 50 }));
    assert.ok(chunks.length > 5);
    assert.ok(chunks.every((chunk) => chunk.choices.length === 1 && !chunk.usage), "nobody asked for usage");
    assert.ok(chunks.at(-1).choices[0].finish_reason);
  },

  async chat_stream_usage() {
    const chunks = await collect(
      await openai.chat.completions.create({ model: gpt, messages: ask, stream: true, stream_options: { include_usage: true } }));
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
  },

  async responses() {
    const answer = await openai.responses.create({ model: gpt, input: "Say something." });
    assert.ok(answer.output_text.length > 0);
    assert.ok(answer.usage.output_tokens > 0);
  },

  async responses_stream() {
    const events = await collect(await openai.responses.create({ model: gpt, input: "Say something.", stream: true, max_output_tokens: 40 }));
    assert.ok(["response.completed", "response.incomplete"].includes(events.at(-1).type));
    assert.ok(events.at(-1).response.usage.output_tokens > 0);
  },

  async embeddings() {
    const answer = await openai.embeddings.create({ model: gpt, input: ["one", "two"] });
    assert.deepStrictEqual(Array.from(answer.data[0].embedding), [0.25, -0.5, 0.125]);
  },

  async models() {
    const models = await collect(await openai.models.list());
    assert.ok(models.some((model) => model.id === gpt));
  },

  async messages() {
    const answer = await anthropic.messages.create({ model: claude, max_tokens: 100, messages: ask });
    assert.strictEqual(answer.content[0].type, "text");
    assert.ok(answer.usage.output_tokens > 0);
  },

  async messages_stream() {
    const stream = anthropic.messages.stream({ model: claude, max_tokens: 50, messages: ask });
    let text = "";
    stream.on("text", (piece) => (text += piece));
    const answer = await stream.finalMessage();
    assert.strictEqual(answer.content[0].text, text);
    assert.ok(answer.usage.output_tokens > 0 && answer.stop_reason);
  },

  async count_tokens() {
    const answer = await anthropic.messages.countTokens({ model: claude, messages: ask });
    assert.ok(answer.input_tokens > 0);
  },

  // The key's cap is next to nothing: both SDKs must learn at once that trying again is of no use.
  async refused() {
    await assert.rejects(openai.chat.completions.create({ model: gpt, messages: ask }), (error) =>
      error instanceof OpenAI.RateLimitError && error.code === "insufficient_quota");
    assert.strictEqual(requests, 1);
    await assert.rejects(anthropic.messages.create({ model: claude, max_tokens: 100, messages: ask }), (error) =>
      error instanceof Anthropic.RateLimitError && error.error.error.type === "rate_limit_error");
    assert.strictEqual(requests, 2);
  },

  async wrong_key() {
    const stranger = new OpenAI({ apiKey: "enf_live_nobody", baseURL: edge + "v1" });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
    const other = new Anthropic({ apiKey: "enf_live_nobody", baseURL: edge });
    await assert.rejects(other.messages.create({ model: claude, max_tokens: 9, messages: ask }), Anthropic.AuthenticationError);
  },

  async unknown_model() {
    await assert.rejects(openai.chat.completions.create({ model: "gpt-5.4-mimi", messages: ask }), (error) =>
      error instanceof OpenAI.NotFoundError && error.message.includes(gpt));
  },

  // Streams until the key is used up. The last line is how many calls that took.
  async until_refused() {
    for (let calls = 0; ; calls++) {
      try {
        await collect(await openai.chat.completions.create({ model: gpt, messages: ask, stream: true }));
      } catch (error) {
        assert.strictEqual(error.code, "insufficient_quota", error);
        assert.ok(calls > 5, `refused after ${calls} calls`);
        return console.log(calls);
      }
    }
  },
};

scenarios[scenario]().catch((error) => {
  console.error(error);
  process.exit(1);
});
