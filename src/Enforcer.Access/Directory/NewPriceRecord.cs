namespace Enforcer.Access;

/// <summary>Something to be kept of prices. What was kept under the same kind and name stays, with its own number.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Of which seller, plan or account: 1 to 64 characters.</param>
/// <param name="ContentId">Names exactly the content: the same id always stands for the same bytes.</param>
/// <param name="Content">The content.</param>
/// <param name="Detail">What lists show of it without reading the content.</param>
/// <param name="ValidFromMs">From when it counts, Unix ms.</param>
/// <param name="AtMs">When it was made, Unix ms.</param>
/// <param name="Actor">The token id of who made it.</param>
/// <param name="Reason">Why.</param>
public sealed record NewPriceRecord(
    PriceRecordKind Kind, string Name, string ContentId, ReadOnlyMemory<byte> Content, string Detail, long ValidFromMs, long AtMs, string Actor, string Reason);
