using System.Text;
using Google.Protobuf;

namespace Enforcer.Client;

/// <summary>What can be said of a command without a server. It keeps every command far below the bounds of the wire.</summary>
internal static class CommandRules
{
    private const int MaxModelBytes = 128;
    private const int MaxTagBytes = 64;
    private const int MaxMessageBytes = 8 * 1024;
    private const long MaxTtlMs = 86_400_000;

    /// <exception cref="ArgumentException">A field breaks its rule.</exception>
    public static void Check(in SessionCommand command)
    {
        if (command.Account.Value is null)
            throw new ArgumentException("Account is not set; pass the customer's key or an AccountName.");
        if (command.OperationId == Guid.Empty)
            throw new ArgumentException("OperationId is empty; make one with OperationIds.Next() and keep it when you repeat the command.");
        CheckRange(nameof(command.Tokens), command.Tokens, 0, Money.MaxCommandNanos);
        if (command.Kind == SessionCommandKind.Reserve)
        {
            CheckReserve(command);
            return;
        }
        if (command.ReservationId == Guid.Empty)
            throw new ArgumentException("ReservationId is empty; pass the operation id of the Reserve that made the reservation.");
        CheckRange(nameof(command.AmountNanos), command.AmountNanos, 0, Money.MaxCommandNanos);
        CheckRange(nameof(command.TtlMs), command.TtlMs, 0, MaxTtlMs);
        CheckMessage(nameof(command.Estimate), command.Estimate);
        CheckMessage(nameof(command.Usage), command.Usage);
        if (command is { Kind: SessionCommandKind.Extend, AmountNanos: 0, Tokens: 0, TtlMs: 0, Estimate: null })
            throw new ArgumentException("AmountNanos, Tokens and TtlMs are all 0 and there is no Estimate; an Extend raises at least one of them.");
    }

    private static void CheckReserve(in SessionCommand command)
    {
        CheckRange(nameof(command.AmountNanos), command.AmountNanos, command.Estimate is null ? 1 : 0, Money.MaxCommandNanos);
        CheckMessage(nameof(command.Estimate), command.Estimate);
        CheckRange(nameof(command.AtLeastNanos), command.AtLeastNanos, 0, command.AmountNanos);
        CheckRange(nameof(command.AtLeastTokens), command.AtLeastTokens, 0, command.Tokens);
        CheckRange(nameof(command.TtlMs), command.TtlMs, 0, MaxTtlMs);
        CheckText(nameof(command.Model), command.Model, MaxModelBytes);
        CheckText(nameof(command.Tag), command.Tag, MaxTagBytes);
    }

    private static void CheckRange(string field, long value, long least, long most)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(field, value, $"{field} is {value}; it must be {least} to {most}.");
    }

    private static void CheckMessage(string field, IMessage? value)
    {
        if (value is not null && value.CalculateSize() is > MaxMessageBytes and var bytes)
            throw new ArgumentException($"{field} has {bytes} bytes; it must have at most {MaxMessageBytes}: name fewer pools, meters or terms.", field);
    }

    private static void CheckText(string field, string? value, int maxBytes)
    {
        // Three bytes a character is the most that UTF-8 takes, so short texts need no count.
        if (value is null || value.Length * 3 <= maxBytes)
            return;
        var bytes = Encoding.UTF8.GetByteCount(value);
        if (bytes > maxBytes)
            throw new ArgumentException($"{field} has {bytes} bytes; it must have at most {maxBytes}.", field);
    }
}
