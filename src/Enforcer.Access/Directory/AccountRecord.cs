namespace Enforcer.Access;

/// <summary>An account as the directory knows it.</summary>
/// <param name="Number">Its number, from 1: what the journal calls it.</param>
/// <param name="Id">Its name: 1 to 64 characters of A-Z a-z 0-9 . _ : -</param>
/// <param name="Unit">What its money is counted in: an ISO 4217 code or an own credit unit.</param>
/// <param name="CreatedAtMs">When it was made, in Unix milliseconds.</param>
public sealed record AccountRecord(long Number, string Id, string Unit, long CreatedAtMs);
