using System.Runtime.InteropServices;

namespace Enforcer.LoadTests.Audit;

/// <summary>One answer that a client got, as it lies in the answer log: 80 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct Answer
{
    public ulong IdHigh { get; init; }

    public ulong IdLow { get; init; }

    public ulong ReservationHigh { get; init; }

    public ulong ReservationLow { get; init; }

    public long AmountNanos { get; init; }

    public long HeldNanos { get; init; }

    public long ChargedNanos { get; init; }

    public long OverrunNanos { get; init; }

    public long Seq { get; init; }

    public int Account { get; init; }

    public byte Verb { get; init; }

    public byte Refusal { get; init; }

    /// <summary>1 if the command was sent more than once, or may have been.</summary>
    public byte Resent { get; init; }

    public UInt128 Id => new(IdHigh, IdLow);

    public UInt128 ReservationId => new(ReservationHigh, ReservationLow);

    public bool IsGranted => Refusal == 0;
}
