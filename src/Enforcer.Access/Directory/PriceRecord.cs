namespace Enforcer.Access;

/// <summary>Something that is kept of prices; never changed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Of which seller, plan or account.</param>
/// <param name="Number">Its place among those of the same kind and name, from 1 without gaps.</param>
/// <param name="ContentId">Under which its content is read.</param>
/// <param name="Detail">What lists show of it.</param>
/// <param name="ValidFromMs">From when it counts, Unix ms.</param>
/// <param name="AtMs">When it was made, Unix ms.</param>
/// <param name="Actor">Who made it.</param>
/// <param name="Reason">Why.</param>
public sealed record PriceRecord(
    PriceRecordKind Kind, string Name, int Number, string ContentId, string Detail, long ValidFromMs, long AtMs, string Actor, string Reason);
