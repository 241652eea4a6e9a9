using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Values;

/// <summary>An amount as a person gave it.</summary>
/// <param name="Nanos">0 to 2^53 nanos.</param>
/// <param name="Unit">The unit that stood in front of it (<c>USD</c> for <c>$</c>), or null if there was none.</param>
internal readonly record struct Amount(long Nanos, string? Unit)
{
    /// <summary>Sees that the amount is in the unit of the account it is meant for.</summary>
    /// <param name="unit">The account's unit.</param>
    /// <param name="name">The option or argument that carried the amount.</param>
    /// <exception cref="CliException">It is in another unit.</exception>
    public long InUnit(string unit, string name)
    {
        if (Unit is null || string.Equals(Unit, unit, StringComparison.Ordinal))
            return Nanos;
        throw new CliException(
            $"{name} {MoneyText.Format(Nanos, Unit)} is in {Unit}, but the account counts in {unit}; amounts are never converted. " +
            $"Write {MoneyText.Format(Nanos, unit)} or {MoneyText.Plain(Nanos)}.", ExitCode.Usage);
    }
}
