namespace Enforcer.Pricing.Importing;

/// <summary>An entry of a price file of which nothing was imported, because not all of it was understood.</summary>
/// <param name="Model">Its name in the file.</param>
/// <param name="Problems">Every field that is not understood, in the order of the file; at least one.</param>
public sealed record RejectedEntry(string Model, IReadOnlyList<FieldProblem> Problems)
{
    /// <summary>"model: field: reason; field: reason".</summary>
    public override string ToString() => $"{Model}: {string.Join("; ", Problems)}";
}
