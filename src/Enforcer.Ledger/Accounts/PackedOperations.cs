using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Accounts;

/// <summary>
/// Operations in the fewest words that hold them, for the time in which nobody uses their account: most answers leave most of their numbers zero. Three words
/// to each (the id, then hash, kind and which numbers follow) and one to each number that is not zero.
/// </summary>
internal static class PackedOperations
{
    private const int FixedWords = 3;
    private const int KindAt = 32;
    private const int MaskAt = 40;
    private const int Numbers = 6;

    public static ulong[] Pack(ReadOnlySpan<RememberedOperation> operations)
    {
        Span<long> numbers = stackalloc long[Numbers];
        var length = 0;
        foreach (ref readonly var operation in operations) length += FixedWords + CountOf(operation, numbers);
        var words = new ulong[length];
        var at = 0;
        foreach (ref readonly var operation in operations)
        {
            var begin = at;
            (words[at], words[at + 1]) = (operation.Id.High, operation.Id.Low);
            at += FixedWords;
            CountOf(operation, numbers);
            var mask = 0UL;
            for (var i = 0; i < Numbers; i++)
            {
                if (numbers[i] == 0) continue;
                mask |= 1UL << i;
                words[at++] = unchecked((ulong)numbers[i]);
            }
            words[begin + 2] = operation.BodyHash | ((ulong)operation.Kind << KindAt) | (mask << MaskAt);
        }
        return words;
    }

    public static RememberedOperation[] Unpack(ReadOnlySpan<ulong> words, int count)
    {
        var operations = new RememberedOperation[count];
        Span<long> numbers = stackalloc long[Numbers];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var (id, head) = (new OperationId(words[at], words[at + 1]), words[at + 2]);
            at += FixedWords;
            for (var j = 0; j < Numbers; j++) numbers[j] = (head >> (MaskAt + j) & 1) == 0 ? 0 : unchecked((long)words[at++]);
            operations[i] = new RememberedOperation
            {
                Id = id,
                BodyHash = unchecked((uint)head),
                Kind = (EntryKind)unchecked((byte)(head >> KindAt)),
                Seq = numbers[0],
                HeldNanos = numbers[1],
                HeadroomNanos = numbers[2],
                TokensOrChargedNanos = numbers[3],
                ExpiryOrOverrunNanos = numbers[4],
                OutputTokensOrCostNanos = numbers[5],
            };
        }
        return operations;
    }

    /// <summary>Lays an operation's numbers out, and says how many of them are not zero.</summary>
    private static int CountOf(in RememberedOperation operation, Span<long> numbers)
    {
        numbers[0] = operation.Seq;
        numbers[1] = operation.HeldNanos;
        numbers[2] = operation.HeadroomNanos;
        numbers[3] = operation.TokensOrChargedNanos;
        numbers[4] = operation.ExpiryOrOverrunNanos;
        numbers[5] = operation.OutputTokensOrCostNanos;
        return Numbers - numbers.Count(0);
    }
}
