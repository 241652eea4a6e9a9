using System.Text.Json.Nodes;

namespace Enforcer.LoadTests.Measuring;

/// <summary>A figure with the value that it must reach, or must not exceed.</summary>
internal readonly record struct Bar(string Name, double Value, double Wanted, bool IsCeiling = false)
{
    public bool Passes => IsCeiling ? Value <= Wanted : Value >= Wanted;

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["value"] = Math.Round(Value, 3),
        [IsCeiling ? "at_most" : "at_least"] = Wanted,
        ["passes"] = Passes,
    };
}
