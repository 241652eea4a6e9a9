namespace Enforcer.LoadTests.Chaos;

/// <summary>What is wrong with a link. Nothing that was on its way is lost when it heals: as with TCP, it arrives late, unless somebody has given up.</summary>
/// <param name="HoldsRequests">Nothing gets from the caller to the called.</param>
/// <param name="HoldsAnswers">Nothing gets from the called to the caller.</param>
/// <param name="Resets">Connections break, and so do new ones.</param>
/// <param name="Delay">Each piece takes so much longer, in both directions.</param>
internal sealed record LinkFault(bool HoldsRequests, bool HoldsAnswers, bool Resets, TimeSpan Delay)
{
    public static LinkFault None { get; } = new(false, false, false, TimeSpan.Zero);

    public static LinkFault Cut { get; } = None with { HoldsRequests = true, HoldsAnswers = true };

    public static LinkFault Reset { get; } = None with { Resets = true };
}
