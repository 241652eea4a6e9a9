namespace Enforcer.Cli.Values;

/// <summary>A cap to set, or null to remove the limit (<c>none</c>).</summary>
internal readonly record struct CapValue(Amount? Cap);
