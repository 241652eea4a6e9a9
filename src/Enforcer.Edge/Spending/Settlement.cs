using System.Text.Json.Serialization;

namespace Enforcer.Edge.Spending;

/// <summary>How a call ends: its real usage, a flat amount, or nothing because it was not made. Also what the outbox keeps on disk.</summary>
internal sealed record Settlement
{
    /// <summary>The reservation.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>The operation id, the same for every attempt.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>The account, by name.</summary>
    public required string Account { get; init; }

    /// <summary>Gives back what was held, because nothing was used.</summary>
    public bool IsRelease { get; init; }

    /// <summary>The amount, in nanos, of a call at a flat price; null for one that is priced by usage.</summary>
    public long? FlatNanos { get; init; }

    /// <summary>Quantities by meter.</summary>
    public IReadOnlyDictionary<string, long> Usage { get; init; } = new Dictionary<string, long>();

    /// <summary>The service tier that was billed; empty for the first of the estimate.</summary>
    public string Tier { get; init; } = "";

    /// <summary>The region that was billed; empty for none.</summary>
    public string Region { get; init; } = "";

    /// <summary>Whether the quantities are a bound of the edge's, because the provider's are not known.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>The model that answered.</summary>
    public string ServedModel { get; init; } = "";

    /// <summary>The provider's id of the request.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>How long the call took, in ms.</summary>
    public long LatencyMs { get; init; }

    /// <summary>The amount that was held, in nanos.</summary>
    public long HeldNanos { get; init; }

    /// <summary>The time of the operation id, in ms since 1970.</summary>
    [JsonIgnore]
    public long AtMs => (long)(UInt128.Parse(OperationId.ToString("N"), System.Globalization.NumberStyles.HexNumber) >> 80);
}
