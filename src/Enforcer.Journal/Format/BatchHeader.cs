namespace Enforcer.Journal.Format;

/// <summary>What a batch says of itself.</summary>
internal readonly record struct BatchHeader(long Number, long Epoch, long FirstAtMs, int Records, int Entries);
