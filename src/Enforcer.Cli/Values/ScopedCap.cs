using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Values;

/// <summary>A spend cap for some models or a tag: <c>gpt-5.5*=$2/month</c>.</summary>
/// <param name="Scope">The model pattern or the tag.</param>
/// <param name="Window">The life of the account, unless a window was named.</param>
/// <param name="Value">The cap, or none.</param>
internal readonly record struct ScopedCap(string Scope, SpendWindow Window, CapValue Value);
