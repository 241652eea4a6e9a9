using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Enforcer.Ledger;

namespace Enforcer.Server.Edges.Wire;

/// <summary>
/// Writes outcomes as the <c>outcomes</c> of an <c>enforcer.v1.OutcomeBatch</c>, in the order and form of generated code, so that
/// tests can compare bytes.
/// </summary>
internal static class OutcomeWriter
{
    /// <summary>The most bytes of an outcome without a detail: its tag and length, and twelve numbers.</summary>
    public const int MaxPlainBytes = 3 + (12 * 11);

    private const byte OutcomesTag = (1 << 3) | 2;
    private const byte DetailTag = (9 << 3) | 2;

    /// <summary>The most bytes that <see cref="Write"/> uses.</summary>
    public static int MaxBytes(in Outcome outcome, in RefusalText detail) =>
        outcome.IsGranted ? MaxPlainBytes : MaxPlainBytes + MaxDetailBytes(outcome, detail);

    /// <summary>Writes one outcome with its tag and length; returns how many bytes.</summary>
    /// <param name="target">At least <see cref="MaxBytes"/> long.</param>
    /// <param name="number">The command's number.</param>
    /// <param name="outcome">What is told.</param>
    /// <param name="detail">Written if the outcome is a refusal.</param>
    public static int Write(Span<byte> target, ulong number, in Outcome outcome, in RefusalText detail)
    {
        target[0] = OutcomesTag;
        if (outcome.IsGranted)
        {
            // Nearly always a length needs one byte; where it does not, the outcome is written again behind a longer one.
            var length = WriteBody(target[2..], number, outcome, detail);
            if (length < 0x80)
            {
                target[1] = (byte)length;
                return 2 + length;
            }
        }
        var body = SizeOf(number, outcome, detail);
        var at = 1 + WriteVarint(target[1..], (ulong)body);
        return at + WriteBody(target[at..], number, outcome, detail);
    }

    private static int WriteBody(Span<byte> target, ulong number, in Outcome outcome, in RefusalText detail)
    {
        var at = 0;
        at += WriteNumber(target[at..], 1, number);
        at += WriteNumber(target[at..], 2, (ulong)outcome.Refusal);
        at += WriteNumber(target[at..], 3, unchecked((ulong)outcome.HeldNanos));
        at += WriteNumber(target[at..], 4, unchecked((ulong)outcome.HeldTokens));
        at += WriteNumber(target[at..], 5, unchecked((ulong)outcome.ChargedNanos));
        at += WriteNumber(target[at..], 6, unchecked((ulong)outcome.OverrunNanos));
        if (outcome.HeadroomNanos != Outcome.NoCap) at += WriteAlways(target[at..], 7, unchecked((ulong)outcome.HeadroomNanos));
        at += WriteNumber(target[at..], 8, unchecked((ulong)outcome.ExpiresAtMs));
        if (!outcome.IsGranted) at += WriteDetail(target[at..], outcome, detail);
        at += WriteNumber(target[at..], 10, unchecked((ulong)outcome.Seq));
        at += WriteNumber(target[at..], 11, unchecked((ulong)outcome.OutputTokens));
        at += WriteNumber(target[at..], 12, unchecked((ulong)outcome.CostNanos));
        return at;
    }

    private static int WriteDetail(Span<byte> target, in Outcome outcome, in RefusalText detail)
    {
        target[0] = DetailTag;
        var at = 1 + WriteVarint(target[1..], (ulong)DetailSize(outcome, detail));
        at += WriteText(target[at..], 1, detail.Account);
        at += WriteText(target[at..], 2, outcome.Limit);
        at += WriteNumber(target[at..], 3, unchecked((ulong)outcome.ShortBy));
        at += WriteNumber(target[at..], 4, unchecked((ulong)outcome.InFlight));
        at += WriteNumber(target[at..], 5, unchecked((ulong)outcome.RetryAfterMs));
        at += WriteText(target[at..], 6, detail.Message);
        foreach (var near in NearOf(outcome)) at += WriteText(target[at..], 7, near);
        return at;
    }

    private static int SizeOf(ulong number, in Outcome outcome, in RefusalText detail)
    {
        var size = NumberSize(number) + NumberSize((ulong)outcome.Refusal)
            + NumberSize(unchecked((ulong)outcome.HeldNanos)) + NumberSize(unchecked((ulong)outcome.HeldTokens))
            + NumberSize(unchecked((ulong)outcome.ChargedNanos)) + NumberSize(unchecked((ulong)outcome.OverrunNanos))
            + NumberSize(unchecked((ulong)outcome.ExpiresAtMs)) + NumberSize(unchecked((ulong)outcome.Seq))
            + NumberSize(unchecked((ulong)outcome.OutputTokens)) + NumberSize(unchecked((ulong)outcome.CostNanos));
        if (outcome.HeadroomNanos != Outcome.NoCap) size += 1 + VarintSize(unchecked((ulong)outcome.HeadroomNanos));
        if (outcome.IsGranted) return size;
        var inner = DetailSize(outcome, detail);
        return size + 1 + VarintSize((ulong)inner) + inner;
    }

    private static int DetailSize(in Outcome outcome, in RefusalText detail)
    {
        var size = TextSize(detail.Account) + TextSize(outcome.Limit) + TextSize(detail.Message)
            + NumberSize(unchecked((ulong)outcome.ShortBy)) + NumberSize(unchecked((ulong)outcome.InFlight))
            + NumberSize(unchecked((ulong)outcome.RetryAfterMs));
        foreach (var near in NearOf(outcome)) size += TextSize(near);
        return size;
    }

    private static int MaxDetailBytes(in Outcome outcome, in RefusalText detail)
    {
        var bytes = (7 * 11) + MaxTextBytes(detail.Account) + MaxTextBytes(outcome.Limit) + MaxTextBytes(detail.Message);
        foreach (var near in NearOf(outcome)) bytes += 11 + MaxTextBytes(near);
        return bytes;
    }

    private static IReadOnlyList<string> NearOf(in Outcome outcome) => outcome.Near ?? [];

    private static int MaxTextBytes(string? text) => text is null ? 0 : Encoding.UTF8.GetMaxByteCount(text.Length);

    private static int TextSize(string? text)
    {
        if (string.IsNullOrEmpty(text)) return 0;
        var bytes = Encoding.UTF8.GetByteCount(text);
        return 1 + VarintSize((ulong)bytes) + bytes;
    }

    private static int WriteText(Span<byte> target, int field, string? text)
    {
        if (string.IsNullOrEmpty(text)) return 0;
        target[0] = (byte)((field << 3) | 2);
        var at = 1 + WriteVarint(target[1..], (ulong)Encoding.UTF8.GetByteCount(text));
        return at + Encoding.UTF8.GetBytes(text, target[at..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteNumber(Span<byte> target, int field, ulong value) => value == 0 ? 0 : WriteAlways(target, field, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteAlways(Span<byte> target, int field, ulong value)
    {
        target[0] = (byte)(field << 3);
        return 1 + WriteVarint(target[1..], value);
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            target[at++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }
        target[at++] = (byte)value;
        return at;
    }

    private static int NumberSize(ulong value) => value == 0 ? 0 : 1 + VarintSize(value);

    private static int VarintSize(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;
}
