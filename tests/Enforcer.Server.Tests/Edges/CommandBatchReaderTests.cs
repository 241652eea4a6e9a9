using Enforcer.Grpc;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Edges.Wire;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Tests.Edges;

/// <summary>The reader by hand, held against generated code: the same commands from the same bytes, and the same bytes refused.</summary>
public sealed class CommandBatchReaderTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Reads_what_generated_code_reads()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var bytes = new WireNoise(seed).Batch();
            AssertSame(V1.CommandBatch.Parser.ParseFrom(bytes).Commands, Read(bytes), seed);
        }
    }

    [Fact]
    public void Refuses_what_generated_code_refuses()
    {
        var refused = 0;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var noise = new WireNoise(seed);
            var bytes = noise.Spoilt(noise.Batch());
            V1.CommandBatch? expected = null;
            try
            {
                expected = V1.CommandBatch.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                refused++;
            }
            var problem = Record(bytes, out var read);
            if (expected is null) Assert.True(problem is not null, $"seed {seed}: accepted what is malformed");
            else if (problem is null) AssertSame(expected.Commands, read, seed);
            else Assert.Fail($"seed {seed}: {problem.Message}");
        }
        Assert.InRange(refused, Rounds / 10, Rounds * 9 / 10); // both ways are taken often
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            if (Record(bytes, out _) is { } problem) Assert.Equal(GrpcStatus.InvalidArgument, problem.Code);
        }
    }

    [Fact]
    public void Offset_is_where_the_next_command_begins()
    {
        var bytes = new V1.CommandBatch { Commands = { new V1.Command { Number = 1 }, new V1.Command { Number = 2 } } }.ToByteArray();
        var reader = new CommandBatchReader(bytes);
        var command = default(WireCommand);
        Assert.True(reader.TryRead(ref command));
        var rest = new CommandBatchReader(bytes.AsSpan(reader.Offset));
        Assert.True(rest.TryRead(ref command));
        Assert.Equal(2UL, command.Number);
        Assert.False(rest.TryRead(ref command));
    }

    [Theory]
    [InlineData(CommandBatchReader.MaxCommandBytes, true)]
    [InlineData(CommandBatchReader.MaxCommandBytes + 1, false)]
    public void Command_is_bounded_to_the_byte(int length, bool isTaken)
    {
        var bytes = CommandOf(length);
        var problem = Record(bytes, out var read);
        Assert.Equal(isTaken ? null : GrpcStatus.ResourceExhausted, problem?.Code);
        Assert.Equal(isTaken ? 1 : 0, read.Count);
    }

    [Fact]
    public void Reading_makes_nothing()
    {
        var batch = new V1.CommandBatch();
        for (var i = 0; i < 64; i++)
            batch.Commands.Add(new V1.Command { Number = (ulong)i, Reserve = new() { AmountNanos = 5, Model = "gpt-5.5", Account = new() { Account = "acme" } } });
        var bytes = batch.ToByteArray();
        Count(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Count(bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Count(byte[] bytes)
    {
        var reader = new CommandBatchReader(bytes);
        var command = default(WireCommand);
        var count = 0;
        while (reader.TryRead(ref command)) count++;
        return count;
    }

    private static byte[] CommandOf(int length)
    {
        // An unknown field fills the command: two bytes of tag, three of length.
        var command = new MemoryStream();
        var output = new CodedOutputStream(command);
        output.WriteTag(100, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(new byte[length - 5]));
        output.Flush();
        var batch = new MemoryStream();
        output = new CodedOutputStream(batch);
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(command.ToArray()));
        output.Flush();
        return batch.ToArray();
    }

    private static GrpcStatusException? Record(byte[] bytes, out List<V1.Command> read)
    {
        read = [];
        try
        {
            read = Read(bytes);
            return null;
        }
        catch (GrpcStatusException problem)
        {
            return problem;
        }
    }

    private static List<V1.Command> Read(byte[] bytes)
    {
        var commands = new List<V1.Command>();
        var reader = new CommandBatchReader(bytes);
        var wire = default(WireCommand);
        while (reader.TryRead(ref wire)) commands.Add(ToMessage(wire));
        return commands;
    }

    private static void AssertSame(IEnumerable<V1.Command> expected, List<V1.Command> read, int seed)
    {
        var known = expected.Select(command => ToMessage(command)).ToList();
        Assert.True(known.SequenceEqual(read), $"seed {seed}:\n{string.Join('\n', known)}\nwas read as\n{string.Join('\n', read)}");
    }

    /// <summary>A message without its unknown fields, its account never missing.</summary>
    private static V1.Command ToMessage(V1.Command command)
    {
        var known = V1.Command.Parser.WithDiscardUnknownFields(true).ParseFrom(command.ToByteArray());
        if (known.Reserve is { } reserve) reserve.Account ??= new();
        if (known.Extend is { } extend) extend.Account ??= new();
        if (known.Commit is { } commit) commit.Account ??= new();
        if (known.Release is { } release) release.Account ??= new();
        return known;
    }

    private static V1.Command ToMessage(in WireCommand wire)
    {
        var command = new V1.Command { Number = wire.Number };
        var operation = ByteString.CopyFrom(wire.OperationId);
        var reservation = ByteString.CopyFrom(wire.ReservationId);
        var account = AccountOf(wire);
        switch (wire.Kind)
        {
            case CommandKind.Reserve:
                command.Reserve = new()
                {
                    OperationId = operation,
                    Account = account,
                    AmountNanos = wire.AmountNanos,
                    AtLeastNanos = wire.AtLeastNanos,
                    Tokens = wire.Tokens,
                    AtLeastTokens = wire.AtLeastTokens,
                    TtlMs = wire.TtlMs,
                    Model = System.Text.Encoding.UTF8.GetString(wire.Model),
                    Tag = System.Text.Encoding.UTF8.GetString(wire.Tag),
                    Estimate = Known(wire.Estimate),
                };
                break;
            case CommandKind.Extend:
                command.Extend = new()
                {
                    OperationId = operation,
                    ReservationId = reservation,
                    Account = account,
                    AmountNanos = wire.AmountNanos,
                    Tokens = wire.Tokens,
                    TtlMs = wire.TtlMs,
                    More = Known(wire.Estimate),
                };
                break;
            case CommandKind.Commit:
                command.Commit = new()
                {
                    OperationId = operation,
                    ReservationId = reservation,
                    Account = account,
                    AmountNanos = wire.AmountNanos,
                    Tokens = wire.Tokens,
                    Final = wire.Final,
                    Usage = Known(wire.Usage),
                };
                break;
            case CommandKind.Release:
                command.Release = new() { OperationId = operation, ReservationId = reservation, Account = account };
                break;
        }
        return command;
    }

    private static T? Known<T>(T? message)
        where T : class, IMessage<T>, new() =>
        message is null ? null : new MessageParser<T>(() => new T()).WithDiscardUnknownFields(true).ParseFrom(message.ToByteArray());

    private static V1.AccountRef AccountOf(in WireCommand wire)
    {
        var name = System.Text.Encoding.UTF8.GetString(wire.Account);
        return wire.AccountBy switch
        {
            AccountNaming.Id => new() { Account = name },
            AccountNaming.Key => new() { Key = name },
            _ => new(),
        };
    }
}
