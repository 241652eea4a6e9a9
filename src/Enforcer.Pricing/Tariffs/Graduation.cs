using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tariffs;

/// <summary>
/// A price that depends on how much was used before: each unit is priced by its own place in a running count, so a call that crosses a
/// step is split there. Nothing that was sold before is ever priced again, which is why prices of this form can be bounded.
/// </summary>
public sealed class Graduation
{
    private readonly GraduationStep[] _steps;

    /// <summary>A graduation.</summary>
    /// <exception cref="RateCardException">The counter has no name, the meters cannot be counted together, or the steps do not ascend from 0.</exception>
    public Graduation(string counter, MeterGroup meters, IEnumerable<GraduationStep> steps)
    {
        if (string.IsNullOrWhiteSpace(counter)) throw new RateCardException("counter is empty: name the running count.");
        if (meters.Meters.Count == 0) throw new RateCardException($"meters of the counter {counter} are {meters}: name which meters it counts.");
        (Counter, Meters) = (counter, meters);
        _steps = [.. steps];
        if (_steps.Length == 0 || _steps[0].From != 0) throw new RateCardException($"steps of the counter {counter} must begin at 0.");
        for (var i = 1; i < _steps.Length; i++)
        {
            if (_steps[i].From <= _steps[i - 1].From)
                throw new RateCardException($"steps of the counter {counter} go from {_steps[i - 1].From} to {_steps[i].From}: let them ascend.");
        }
    }

    /// <summary>The running count that decides, as the account keeps it for the period.</summary>
    public string Counter { get; }

    /// <summary>What the count counts.</summary>
    public MeterGroup Meters { get; }

    /// <summary>The steps, ascending from 0.</summary>
    public IReadOnlyList<GraduationStep> Steps => _steps;

    /// <summary>The step of the unit that has so many before it, and where the next step begins.</summary>
    internal (GraduationStep Step, long Next) At(long before)
    {
        var i = _steps.Length - 1;
        while (_steps[i].From > before) i--;
        return (_steps[i], i + 1 < _steps.Length ? _steps[i + 1].From : long.MaxValue);
    }

    /// <summary>How many units are certainly included, whatever the count is between 0 and this.</summary>
    internal long FreeAfter(long most)
    {
        var free = 0L;
        for (var i = 0; i < _steps.Length && _steps[i].Multiplier == Ratio.Zero; i++) free = i + 1 < _steps.Length ? _steps[i + 1].From : long.MaxValue;
        return Math.Max(0, free - most);
    }

    /// <summary>The dearest step that units can be in, if the count begins somewhere from least to most and goes on by so many.</summary>
    internal Ratio Dearest(long least, long most, long quantity)
    {
        var end = most > long.MaxValue - quantity ? long.MaxValue : most + quantity;
        var dearest = Ratio.Zero;
        for (var i = 0; i < _steps.Length && _steps[i].From < Math.Max(end, 1); i++)
        {
            var next = i + 1 < _steps.Length ? _steps[i + 1].From : long.MaxValue;
            if (next > least && _steps[i].Multiplier > dearest) dearest = _steps[i].Multiplier;
        }
        return dearest;
    }
}
