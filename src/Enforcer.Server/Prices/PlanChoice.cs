using System.Text;

namespace Enforcer.Server.Prices;

/// <summary>Which plans an account is priced by: its own, and those of the sellers between the upstream and its own.</summary>
/// <param name="Plans">Names of plans, from the wallet down to the key.</param>
/// <param name="Resellers">The same for each reseller, the first next to the upstream.</param>
internal sealed record PlanChoice(IReadOnlyList<string> Plans, IReadOnlyList<IReadOnlyList<string>> Resellers)
{
    /// <summary>No plan: sold at cost.</summary>
    public static PlanChoice None { get; } = new([], []);

    /// <summary>The names of all plans.</summary>
    public IEnumerable<string> AllPlans => Resellers.SelectMany(stack => stack).Concat(Plans);

    /// <summary>A line for the own plans, one for each reseller; names with commas between.</summary>
    public static PlanChoice Read(ReadOnlySpan<byte> utf8)
    {
        var lines = Encoding.UTF8.GetString(utf8).Split('\n');
        return new PlanChoice(Names(lines[0]), [.. lines.Skip(1).Select(Names)]);
    }

    /// <summary>The same choice always gives the same bytes.</summary>
    public byte[] Write() => Encoding.UTF8.GetBytes(string.Join('\n', Resellers.Prepend(Plans).Select(stack => string.Join(',', stack))));

    private static string[] Names(string line) => line.Length == 0 ? [] : line.Split(',');
}
