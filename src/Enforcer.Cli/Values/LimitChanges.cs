using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Values;

/// <summary>What a command line says about limits; whatever it does not name stays as it is.</summary>
internal sealed record LimitChanges
{
    /// <summary>Spend limits to set or remove.</summary>
    public IReadOnlyList<SpendChange> Spend { get; init; } = [];

    /// <summary>The zone for the calendar windows that are named; null: keep the limit's own, UTC for a new one.</summary>
    public string? Zone { get; init; }

    /// <summary>The request rate.</summary>
    public RateValue? Requests { get; init; }

    /// <summary>The token rate.</summary>
    public RateValue? Tokens { get; init; }

    /// <summary>The most open reservations; 0 removes the limit.</summary>
    public long? Concurrency { get; init; }

    /// <summary>What becomes of an expired reservation.</summary>
    public ExpiryPolicy? OnExpiry { get; init; }

    /// <summary>Nothing was named.</summary>
    public bool IsEmpty => Spend.Count == 0 && Requests is null && Tokens is null && Concurrency is null && OnExpiry is null;

    /// <summary>The one unit that the amounts were written in, or null if none was.</summary>
    public string? Unit => Spend.Select(change => change.Cap?.Unit).FirstOrDefault(unit => unit is not null);
}
