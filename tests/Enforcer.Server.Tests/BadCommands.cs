using Enforcer.Access;
using Enforcer.Ledger;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Google.Protobuf;
using Command = Enforcer.Protocol.V1.Command;

namespace Enforcer.Server.Tests;

/// <summary>Every command that is malformed in one field: what is wrong with it, the command, and the field to be named.</summary>
internal static class BadCommands
{
    private const long TooMuch = (1L << 53) + 1;
    private static readonly ByteString LongId = ByteString.CopyFrom(new byte[17]);
    private static readonly ByteString ShortId = ByteString.CopyFrom(new byte[5]);

    public static IReadOnlyDictionary<string, (Command Command, string Field)> All { get; } = Make().ToDictionary(c => c.What, c => (c.Command, c.Field));

    private static IEnumerable<(string What, Command Command, string Field)> Make() => [.. Ids(), .. Accounts(), .. Amounts(), .. Texts()];

    private static IEnumerable<(string What, Command Command, string Field)> Ids() =>
    [
        ("reserve without operation id", Reserve(r => r.OperationId = ByteString.Empty), "operation_id"),
        ("extend without operation id", Extend(r => r.OperationId = ByteString.Empty), "operation_id"),
        ("commit without operation id", Commit(r => r.OperationId = ByteString.Empty), "operation_id"),
        ("release without operation id", Release(r => r.OperationId = ByteString.Empty), "operation_id"),
        ("operation id too long", Reserve(r => r.OperationId = LongId), "operation_id"),
        ("operation id too short", Release(r => r.OperationId = ShortId), "operation_id"),
        ("extend without reservation id", Extend(r => r.ReservationId = ByteString.Empty), "reservation_id"),
        ("commit without reservation id", Commit(r => r.ReservationId = ByteString.Empty), "reservation_id"),
        ("release without reservation id", Release(r => r.ReservationId = ByteString.Empty), "reservation_id"),
        ("reservation id too long", Commit(r => r.ReservationId = LongId), "reservation_id"),
        ("reservation id too short", Extend(r => r.ReservationId = ShortId), "reservation_id"),
    ];

    private static IEnumerable<(string What, Command Command, string Field)> Accounts() =>
    [
        ("no account", Reserve(r => r.Account = null), "account"),
        ("an empty account", Release(r => r.Account = new AccountRef()), "account"),
        ("account id empty", Commit(r => r.Account = EdgeCalls.Id("")), "account.account"),
        ("account id with a space", Reserve(r => r.Account = EdgeCalls.Id("a b")), "account.account"),
        ("account id with a zero", Reserve(r => r.Account = EdgeCalls.Id("a\0")), "account.account"),
        ("account id outside ASCII", Extend(r => r.Account = EdgeCalls.Id("kürbis")), "account.account"),
        ("account id too long", Reserve(r => r.Account = EdgeCalls.Id(new string('a', DirectoryRules.MaxAccountIdChars + 1))), "account.account"),
    ];

    private static IEnumerable<(string What, Command Command, string Field)> Amounts() =>
    [
        ("reserve of nothing", Reserve(r => r.AmountNanos = 0), "amount_nanos"),
        ("reserve below nothing", Reserve(r => r.AmountNanos = -1), "amount_nanos"),
        ("reserve of the least number", Reserve(r => r.AmountNanos = long.MinValue), "amount_nanos"),
        ("reserve over 2^53", Reserve(r => r.AmountNanos = TooMuch), "amount_nanos"),
        ("reserve of at least more", Reserve(r => r.AtLeastNanos = 2), "at_least_nanos"),
        ("reserve of at least less than nothing", Reserve(r => r.AtLeastNanos = -1), "at_least_nanos"),
        ("reserve of tokens below nothing", Reserve(r => r.Tokens = -1), "tokens"),
        ("reserve of at least more tokens", Reserve(r => r.AtLeastTokens = 1), "at_least_tokens"),
        ("reserve for no time", Reserve(r => r.TtlMs = -1), "ttl_ms"),
        ("reserve for too long", Reserve(r => r.TtlMs = LedgerBounds.MaxTtlMs + 1), "ttl_ms"),
        ("extend by nothing", Extend(r => r.AmountNanos = 0), "amount_nanos"),
        ("extend below nothing", Extend(r => r.AmountNanos = -1), "amount_nanos"),
        ("extend over 2^53", Extend(r => r.AmountNanos = TooMuch), "amount_nanos"),
        ("extend for too long", Extend(r => r.TtlMs = long.MaxValue), "ttl_ms"),
        ("commit below nothing", Commit(r => r.AmountNanos = -1), "amount_nanos"),
        ("commit over 2^53", Commit(r => r.AmountNanos = TooMuch), "amount_nanos"),
        ("commit of tokens below nothing", Commit(r => r.Tokens = long.MinValue), "tokens"),
    ];

    private static IEnumerable<(string What, Command Command, string Field)> Texts() =>
    [
        ("model too long", Reserve(r => r.Model = new string('m', LedgerBounds.MaxModelBytes + 1)), "model"),
        ("model that was no text", Reserve(r => r.Model = "gpt\uFFFD"), "model"),
        ("tag that was no text", Reserve(r => r.Tag = "\uFFFD"), "tag"),
        ("tag too long", Reserve(r => r.Tag = new string('ü', LedgerBounds.MaxTagBytes)), "tag"),
    ];

    private static Command Reserve(Action<ReserveRequest> spoil) => new() { Reserve = Spoilt(EdgeCalls.ReserveOf(EdgeCalls.Id("acme"), 1), spoil) };

    private static Command Extend(Action<ExtendRequest> spoil) => new()
    {
        Extend = Spoilt(new() { OperationId = EdgeCalls.NewId(), Account = EdgeCalls.Id("acme"), ReservationId = EdgeCalls.NewId(), AmountNanos = 1 }, spoil),
    };

    private static Command Commit(Action<CommitRequest> spoil) => new()
    {
        Commit = Spoilt(EdgeCalls.CommitOf(EdgeCalls.ReserveOf(EdgeCalls.Id("acme"), 1), 1), spoil),
    };

    private static Command Release(Action<ReleaseRequest> spoil) => new()
    {
        Release = Spoilt(new() { OperationId = EdgeCalls.NewId(), Account = EdgeCalls.Id("acme"), ReservationId = EdgeCalls.NewId() }, spoil),
    };

    private static T Spoilt<T>(T request, Action<T> spoil)
    {
        spoil(request);
        return request;
    }
}
