using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>What is malformed, and what its sender is told: the field, the value, the rule and the way out.</summary>
public sealed class FormTests
{
    private const string NanoRange = "9007199254740992";
    private static readonly OperationId Id = OperationId.NewV7(1_772_452_800_000, 1, 2);
    private static readonly Command Reserve = new() { Kind = CommandKind.Reserve, OperationId = Id, AmountNanos = 5, Tokens = 5 };
    private static readonly Command Commit = new() { Kind = CommandKind.Commit, OperationId = Id, ReservationId = Id };
    private static readonly Command Extend = new() { Kind = CommandKind.Extend, OperationId = Id, ReservationId = Id, TtlMs = 1 };
    private static readonly Command TopUp = new() { Kind = CommandKind.TopUp, OperationId = Id, AmountNanos = 1 };
    private static readonly Command Reverse = new() { Kind = CommandKind.Reverse, OperationId = Id, ReservationId = Id };
    private static readonly Command SetLimits = new() { Kind = CommandKind.SetLimits, OperationId = Id, Limits = LimitSet.Unlimited };

    private static readonly Dictionary<string, (Command Command, string? Problem)> Commands = new()
    {
        ["a reserve"] = (Reserve, null),
        ["a reserve of the most"] = (Reserve with { AmountNanos = 1L << 53, Tokens = 1L << 40, TtlMs = 86_400_000 }, null),
        ["a commit of nothing"] = (Commit, null),
        ["an extend of time"] = (Extend, null),
        ["a reversal of all"] = (Reverse, null),
        ["no operation id"] = (Reserve with { OperationId = default }, "operation_id is missing; give 16 bytes: a UUIDv7 or ULID made for this operation."),
        ["no body"] = (new Command { OperationId = Id }, "the command has no body; set one of reserve, extend, commit, release."),
        ["an unknown kind"] = (new Command { OperationId = Id, Kind = (CommandKind)99 }, "the command has no body; set one of reserve, extend, commit, release."),
        ["reserve zero"] = (Reserve with { AmountNanos = 0 }, $"amount_nanos is 0; give a whole number from 1 to {NanoRange}."),
        ["reserve a negative amount"] = (Reserve with { AmountNanos = -1 }, $"amount_nanos is -1; give a whole number from 1 to {NanoRange}."),
        ["reserve over 2^53"] = (Reserve with { AmountNanos = (1L << 53) + 1 }, $"amount_nanos is 9007199254740993; give a whole number from 1 to {NanoRange}."),
        ["at least more than the amount"] = (Reserve with { AtLeastNanos = 6 }, "at_least_nanos is 6; give a whole number from 1 to 5."),
        ["at least negative"] = (Reserve with { AtLeastNanos = -6 }, "at_least_nanos is -6; give a whole number from 1 to 5."),
        ["negative tokens"] = (Reserve with { Tokens = -1 }, "tokens is -1; give a whole number from 0 to 1099511627776."),
        ["too many tokens"] = (Reserve with { Tokens = (1L << 40) + 1 }, "tokens is 1099511627777; give a whole number from 0 to 1099511627776."),
        ["at least more tokens"] = (Reserve with { AtLeastTokens = 6 }, "at_least_tokens is 6; give a whole number from 1 to 5."),
        ["a negative time to live"] = (Reserve with { TtlMs = -1 }, "ttl_ms is -1; give a whole number from 0 to 86400000."),
        ["more than a day to live"] = (Reserve with { TtlMs = 86_400_001 }, "ttl_ms is 86400001; give a whole number from 0 to 86400000."),
        ["a long model"] = (Reserve with { Model = new string('m', 129) }, "model is 129 bytes long; at most 128 bytes are kept: shorten it."),
        ["a model long in UTF-8"] = (Reserve with { Model = new string('é', 65) }, "model is 130 bytes long; at most 128 bytes are kept: shorten it."),
        ["a model that was no text"] = (Reserve with { Model = "gpt\uFFFD" }, "model is not UTF-8, or has the character U+FFFD, which stands for what is not; send it in UTF-8."),
        ["a tag that cannot be written"] = (Reserve with { Tag = "\uD83D" }, "tag is not UTF-8, or has the character U+FFFD, which stands for what is not; send it in UTF-8."),
        ["a tag outside the first plane"] = (Reserve with { Tag = "\U0001F600\uE000" }, null),
        ["a long tag"] = (Reserve with { Tag = new string('t', 65) }, "tag is 65 bytes long; at most 64 bytes are kept: shorten it."),
        ["no reservation id"] = (Commit with { ReservationId = default }, "reservation_id is missing; give the 16 bytes of the operation id of its Reserve."),
        ["commit a negative amount"] = (Commit with { AmountNanos = -1 }, $"amount_nanos is -1; give a whole number from 0 to {NanoRange}."),
        ["commit negative tokens"] = (Commit with { Tokens = -1 }, "tokens is -1; give a whole number from 0 to 1099511627776."),
        ["extend by nothing"] = (Extend with { TtlMs = 0 }, "amount_nanos, tokens and ttl_ms are all 0; an extend must raise at least one of them."),
        ["extend by a negative amount"] = (Extend with { AmountNanos = -5 }, $"amount_nanos is -5; give a whole number from 0 to {NanoRange}."),
        ["top up nothing"] = (TopUp with { AmountNanos = 0 }, $"amount_nanos is 0; give a whole number from 1 to {NanoRange}."),
        ["reverse a negative amount"] = (Reverse with { AmountNanos = -1 }, $"amount_nanos is -1; give a whole number from 0 to {NanoRange}."),
        ["a long reason"] = (TopUp with { Reason = new string('r', 513) }, "reason is 513 bytes long; at most 512 bytes are kept: shorten it."),
        ["a long actor"] = (TopUp with { Actor = new string('a', 129) }, "actor is 129 bytes long; at most 128 bytes are kept: shorten it."),
        ["no limits"] = (SetLimits with { Limits = null }, "limits is missing; give the limits wanted, all of them."),
        ["a long unit"] = (SetLimits with { Kind = CommandKind.Open, Unit = new string('u', 33) }, "unit is 33 bytes long; at most 32 bytes are kept: shorten it."),
    };

    private static readonly Dictionary<string, (LimitSet Limits, string? Problem)> LimitSets = new()
    {
        ["none"] = (LimitSet.Unlimited, null),
        ["one of each"] = (new LimitSet([new(SpendWindow.Life, 0), new(SpendWindow.Month, 1L << 60, "gpt*", "t", "Europe/Berlin")], new(1, 1), new(1L << 40), 1), null),
        ["too many"] = (new LimitSet(Enumerable.Range(0, 33).Select(i => new SpendLimit(SpendWindow.Life, 1, $"m{i}"))), "limits.spend has 33 limits; at most 32 fit one account: merge some."),
        ["no window"] = (new LimitSet([new(0, 1)]), "limits.spend[0].window is 0; give LIFE, DAY, WEEK or MONTH."),
        ["a negative cap"] = (new LimitSet([new(SpendWindow.Life, -1)]), "limits.spend[0].cap_nanos is -1; give 0 to 1152921504606846976."),
        ["a cap too high"] = (new LimitSet([new(SpendWindow.Life, (1L << 60) + 1)]), "limits.spend[0].cap_nanos is 1152921504606846977; give 0 to 1152921504606846976."),
        ["a zone for life"] = (new LimitSet([new(SpendWindow.Life, 1, zone: "Europe/Berlin")]), "limits.spend[0].zone is 'Europe/Berlin', but a limit for life has no calendar: leave it out."),
        ["an unknown zone"] = (new LimitSet([new(SpendWindow.Day, 1, zone: "Mars/Base")]), "limits.spend[0].zone 'Mars/Base' is not a known IANA time zone, such as Europe/Berlin."),
        ["a star inside"] = (new LimitSet([new(SpendWindow.Day, 1, "g*t")]), "limits.spend[0].model_pattern 'g*t' has a star that is not its last character; only a trailing star is understood."),
        ["a long pattern"] = (new LimitSet([new(SpendWindow.Day, 1, new string('m', 129))]), "limits.spend[0].model_pattern is 129 bytes long; at most 128 bytes are kept: shorten it."),
        ["a long tag"] = (new LimitSet([new(SpendWindow.Day, 1, null, new string('t', 65))]), "limits.spend[0].tag is 65 bytes long; at most 64 bytes are kept: shorten it."),
        ["the same twice"] = (new LimitSet([new(SpendWindow.Day, 1), new(SpendWindow.Day, 2, zone: "UTC")]), "limits.spend[1] repeats limits.spend[0] (day); give each window and scope one cap."),
        ["a rate of zero"] = (new LimitSet(requests: new(0, 1)), "limits.requests.per_minute is 0; give 1 to 1099511627776."),
        ["a burst too large"] = (new LimitSet(tokens: new(1, (1L << 40) + 1)), "limits.tokens.burst is 1099511627777; give 1 to 1099511627776."),
        ["negative concurrency"] = (new LimitSet(concurrency: -1), "limits.concurrency is -1; give 1 or more, or 0 for no limit."),
        ["an unknown policy"] = (new LimitSet(onExpiry: 0), "limits.on_expiry is 0; give CHARGE or RELEASE."),
    };

    public static TheoryData<string> CommandNames => [.. Commands.Keys];

    public static TheoryData<string> LimitSetNames => [.. LimitSets.Keys];

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Of_a_command(string name) => Assert.Equal(Commands[name].Problem, CommandForm.Problem(Commands[name].Command));

    [Theory]
    [MemberData(nameof(LimitSetNames))]
    public void Of_limits(string name) => Assert.Equal(LimitSets[name].Problem, LimitForm.Problem(LimitSets[name].Limits, Account.Calendar));
}
