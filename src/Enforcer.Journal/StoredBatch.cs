namespace Enforcer.Journal;

/// <summary>A batch as a store gives it back; nothing about it has been checked.</summary>
/// <param name="Number">Its number.</param>
/// <param name="FirstAtMs">When it was opened, Unix ms.</param>
/// <param name="Entries">How many entries it is said to hold.</param>
/// <param name="Hash">Its hash as stored.</param>
/// <param name="Payload">Header and records.</param>
public sealed record StoredBatch(long Number, long FirstAtMs, long Entries, ReadOnlyMemory<byte> Hash, ReadOnlyMemory<byte> Payload);
