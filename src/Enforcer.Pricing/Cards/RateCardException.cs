namespace Enforcer.Pricing.Cards;

/// <summary>A rate card, a price plan or a file of either that contradicts itself; the message names the field, the value and the rule.</summary>
public sealed class RateCardException : Exception
{
    /// <summary>With the fact that is wrong.</summary>
    public RateCardException(string message) : base(message)
    {
    }

    /// <summary>With the fact that is wrong, and what found it.</summary>
    public RateCardException(string message, Exception inner) : base(message, inner)
    {
    }
}
