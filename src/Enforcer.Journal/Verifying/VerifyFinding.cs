namespace Enforcer.Journal.Verifying;

/// <summary>Something that is not as it must be.</summary>
/// <param name="Batch">The batch concerned; 0 if none.</param>
/// <param name="Account">The account concerned; 0 if it cannot be told.</param>
/// <param name="Seq">The first entry of the account that is not sound; 0 if it cannot be told.</param>
/// <param name="What">What is wrong, in words.</param>
public sealed record VerifyFinding(long Batch, long Account, long Seq, string What);
