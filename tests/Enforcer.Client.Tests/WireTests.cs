using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Outcome = Enforcer.Protocol.V1.Outcome;

namespace Enforcer.Client.Tests;

/// <summary>The hand-written wire format against generated code.</summary>
public sealed class WireTests
{
    private static readonly long[] Amounts = [0, 1, 127, 128, 16_383, 16_384, 1L << 31, Money.MaxCommandNanos];

    private static Gen<string?> Text(int length) =>
        from size in Gen.Choose(0, length)
        from letters in Gen.Elements('a', 'Z', '*', '.', 'é', '漢').ArrayOf(size)
        select size == 0 ? null : new string(letters);

    private static Gen<SessionCommand> Commands =>
        from kind in Gen.Elements(Enum.GetValues<SessionCommandKind>())
        from ids in ArbMap.Default.GeneratorFor<Guid>().Two()
        from name in Gen.Elements("a", "acme", new string('k', 128))
        from isKey in Gen.Elements(true, false)
        from numbers in Gen.Elements(Amounts).ArrayOf(5)
        from model in Text(42)
        from tag in Text(21)
        from final in Gen.Elements(true, false)
        from estimate in Gen.Elements<UsageEstimate?>(null, new(), Estimate(1), Estimate(40))
        from usage in Gen.Elements<UsageReport?>(null, new(), Usage(1), Usage(40))
        select new SessionCommand
        {
            Kind = kind,
            OperationId = ids.Item1,
            ReservationId = ids.Item2,
            Account = isKey ? AccountReference.FromKey(name) : new AccountName(name),
            AmountNanos = numbers[0],
            AtLeastNanos = numbers[1],
            Tokens = numbers[2],
            AtLeastTokens = numbers[3],
            TtlMs = numbers[4],
            Model = model,
            Tag = tag,
            Final = final,
            Estimate = estimate,
            Usage = usage,
        };

    private static UsageEstimate Estimate(int pools) => new()
    {
        Provider = "anthropic",
        PromptTokens = 1L << 40,
        OutputTokens = 300,
        Pools = { Enumerable.Range(0, pools).Select(i => new UsagePool { Most = i, Meters = { $"custom.{i}", "web_search" } }) },
        Terms = { new CallTerms { Tier = "batch", Region = "eu" } },
    };

    private static UsageReport Usage(int items) => new()
    {
        Items = { Enumerable.Range(0, items).Select(i => new MeteredUsage { Meter = $"custom.{i}", Quantity = 1L << i }) },
        Outcome = CallOutcome.Failed,
        RequestId = "msg_01",
    };

    [Fact]
    public void Commands_are_written_byte_for_byte_as_generated_code_writes_them() =>
        Prop.ForAll(Commands.ArrayOf(3).ToArbitrary(), commands =>
        {
            var expected = new CommandBatch();
            var target = new byte[commands.Sum(command => CommandEncoder.Bound(command))];
            var writer = new WireWriter(target);
            for (var i = 0; i < commands.Length; i++)
            {
                var number = (ulong)i * 0x1_0000_0000;
                expected.Commands.Add(ToMessage(number, commands[i]));
                CommandEncoder.Write(ref writer, number, commands[i]);
            }
            Assert.Equal(expected.ToByteArray(), target[..writer.Written]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Outcomes_are_read_as_generated_code_wrote_them()
    {
        var full = new Outcome
        {
            Number = ulong.MaxValue,
            Refusal = Refusal.ExceedsSpendCapInFlight,
            HeldNanos = 1L << 53,
            HeldTokens = 4096,
            ChargedNanos = -5,
            OverrunNanos = 7,
            HeadroomNanos = 0,
            ExpiresAtMs = 1_800_000_000_000,
            Seq = long.MaxValue,
            OutputTokens = 77,
            CostNanos = -8,
            Detail = new() { Account = "acme", Limit = "month gpt-5.5*", ShortBy = 12, InFlight = 3, RetryAfterMs = 1500, Message = "short" },
        };
        var decoder = new OutcomeDecoder(new OutcomeBatch { Outcomes = { full, new Outcome() } }.ToByteArray());

        Assert.True(decoder.TryRead(out var number, out var outcome));
        Assert.Equal(ulong.MaxValue, number);
        Assert.Equal(new SessionOutcome
        {
            Refusal = full.Refusal,
            HeldNanos = full.HeldNanos,
            HeldTokens = full.HeldTokens,
            ChargedNanos = -5,
            OverrunNanos = 7,
            HeadroomNanos = 0,
            ExpiresAtMs = full.ExpiresAtMs,
            Seq = full.Seq,
            OutputTokens = 77,
            CostNanos = -8,
            Detail = full.Detail,
        }, outcome);
        Assert.True(decoder.TryRead(out number, out outcome));
        Assert.Equal((0UL, default), (number, outcome));
        Assert.False(decoder.TryRead(out _, out _));
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over()
    {
        // Field 100 as number, 64-bit, text and 32-bit; then the outcome's own number.
        byte[] outcome = [0xA0, 0x06, 0x05, 0xA1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xA2, 0x06, 2, 9, 9, 0xA5, 0x06, 1, 2, 3, 4, 0x08, 42];
        var decoder = new OutcomeDecoder([0x12, 1, 0, 0x0A, (byte)outcome.Length, .. outcome]);
        Assert.True(decoder.TryRead(out var number, out _));
        Assert.Equal(42UL, number);
    }

    [Fact]
    public void Malformed_outcomes_are_an_error_and_never_anything_else() => Prop.ForAll<byte[]>(bytes =>
    {
        try
        {
            var decoder = new OutcomeDecoder(bytes);
            while (decoder.TryRead(out _, out _))
            {
            }
        }
        catch (GrpcStatusException malformed)
        {
            return malformed.Code == GrpcStatus.Internal;
        }
        return true;
    }).QuickCheckThrowOnFailure();

    private static Command ToMessage(ulong number, in SessionCommand command)
    {
        var id = command.OperationId.ToWire();
        var reservation = command.ReservationId.ToWire();
        var account = command.Account.ToMessage();
        return command.Kind switch
        {
            SessionCommandKind.Reserve => new()
            {
                Number = number,
                Reserve = new()
                {
                    OperationId = id,
                    Account = account,
                    AmountNanos = command.AmountNanos,
                    AtLeastNanos = command.AtLeastNanos,
                    Tokens = command.Tokens,
                    AtLeastTokens = command.AtLeastTokens,
                    TtlMs = command.TtlMs,
                    Model = command.Model ?? "",
                    Tag = command.Tag ?? "",
                    Estimate = command.Estimate,
                },
            },
            SessionCommandKind.Extend => new()
            {
                Number = number,
                Extend = new()
                {
                    OperationId = id,
                    Account = account,
                    ReservationId = reservation,
                    AmountNanos = command.AmountNanos,
                    Tokens = command.Tokens,
                    TtlMs = command.TtlMs,
                    More = command.Estimate,
                },
            },
            SessionCommandKind.Commit => new()
            {
                Number = number,
                Commit = new()
                {
                    OperationId = id,
                    Account = account,
                    ReservationId = reservation,
                    AmountNanos = command.AmountNanos,
                    Tokens = command.Tokens,
                    Final = command.Final,
                    Usage = command.Usage,
                },
            },
            _ => new() { Number = number, Release = new() { OperationId = id, Account = account, ReservationId = reservation } },
        };
    }
}
