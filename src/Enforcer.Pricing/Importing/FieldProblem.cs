namespace Enforcer.Pricing.Importing;

/// <summary>Why an entry was not imported.</summary>
/// <param name="Field">The field that is not understood.</param>
/// <param name="Reason">What is wrong with it.</param>
public readonly record struct FieldProblem(string Field, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Reason}";
}
