using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Server.Tests.Support;

/// <summary>Bodies of calls that are almost right, or not at all. The same number gives the same body.</summary>
internal sealed class FuzzBodies(AccountRef account)
{
    private static readonly string[] Methods = ["Reserve", "Extend", "Commit", "Release", "Get", "Session", "Session", "Session"];
    private readonly ReserveRequest _reserve = new()
    {
        OperationId = EdgeCalls.NewId(),
        Account = account,
        AmountNanos = 1,
        Tokens = 10,
        TtlMs = 60_000,
        Model = "gpt-5.5",
        Tag = "fuzz",
    };

    /// <summary>A method and the body of a call to it.</summary>
    public (string Method, byte[] Body) Make(int number)
    {
        var random = new Random(number);
        var method = Methods[random.Next(Methods.Length)];
        if (method != "Session") return (method, Spoilt(RawEdge.Frame(Spoilt(Good(method, random).ToByteArray(), random)), random, 20));
        var body = new List<byte>();
        for (var frames = random.Next(1, 5); frames > 0; frames--)
            body.AddRange(Spoilt(RawEdge.Frame(Spoilt(Batch(random).ToByteArray(), random)), random, 20));
        return (method, [.. body]);
    }

    private IMessage Good(string method, Random random) => method switch
    {
        "Reserve" => new ReserveRequest(_reserve) { OperationId = EdgeCalls.NewId() },
        "Extend" => new ExtendRequest { OperationId = EdgeCalls.NewId(), Account = account, ReservationId = _reserve.OperationId, AmountNanos = 1 },
        "Commit" => EdgeCalls.CommitOf(_reserve, random.Next(3)),
        "Release" => new ReleaseRequest { OperationId = EdgeCalls.NewId(), Account = account, ReservationId = _reserve.OperationId },
        _ => new GetRequest { Account = account, ReservationId = _reserve.OperationId },
    };

    private CommandBatch Batch(Random random)
    {
        var batch = new CommandBatch();
        for (var i = random.Next(4); i >= 0; i--)
        {
            batch.Commands.Add(random.Next(4) switch
            {
                0 => new Command { Number = (ulong)i, Reserve = (ReserveRequest)Good("Reserve", random) },
                1 => new Command { Number = (ulong)i, Extend = (ExtendRequest)Good("Extend", random) },
                2 => new Command { Number = (ulong)i, Commit = (CommitRequest)Good("Commit", random) },
                _ => new Command { Number = (ulong)i, Release = (ReleaseRequest)Good("Release", random) },
            });
        }
        return batch;
    }

    /// <summary>Spoils one in so many: all of them by default.</summary>
    private static byte[] Spoilt(byte[] bytes, Random random, int oneIn = 1)
    {
        if (random.Next(oneIn) != 0) return bytes;
        var at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0: // flips bits
                for (var flips = random.Next(1, 8); flips > 0; flips--) bytes[1 + random.Next(bytes.Length - 1)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: // cuts the end off
                return bytes[..at];
            case 2: // leaves a part out
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]];
            case 3: // says a part twice
                return [.. bytes, .. bytes[at..]];
            case 4: // puts something in
                var some = new byte[random.Next(1, 40)];
                random.NextBytes(some);
                return [.. bytes[..at], .. some, .. bytes[at..]];
            default: // is something else
                var other = new byte[random.Next(1, 300)];
                random.NextBytes(other);
                return other;
        }
    }
}
