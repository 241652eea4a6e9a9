using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Values;

/// <summary>A change to one spend limit.</summary>
/// <param name="Option">The option that asked for it, for messages.</param>
/// <param name="Window">Which window.</param>
/// <param name="ModelPattern">Its models; empty for all.</param>
/// <param name="Tag">Its tag; empty for any.</param>
/// <param name="Cap">The new cap; null removes the limit.</param>
internal sealed record SpendChange(string Option, SpendWindow Window, string ModelPattern, string Tag, Amount? Cap);
