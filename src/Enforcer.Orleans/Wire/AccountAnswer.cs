using Enforcer.Cluster;
using Enforcer.Grpc;
using Enforcer.Ledger;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>What an account answers, as nodes answer each other: an outcome, or something else.</summary>
/// <param name="Outcome">The outcome, if <paramref name="Other"/> is null.</param>
/// <param name="Other">The answer to a question, or why a command has no outcome.</param>
internal readonly record struct AccountAnswer(Outcome Outcome, V1.NodeAnswer? Other)
{
    [ThreadStatic]
    private static FrameBuffer? _frame;

    public static byte[] Of(in Outcome outcome)
    {
        var frame = _frame ??= new FrameBuffer();
        frame.Clear();
        OutcomeCodec.Write(frame, PeerFields.Outcomes, 0, outcome);
        return frame.Written.ToArray();
    }

    public static byte[] Of(V1.NodeAnswer answer)
    {
        var frame = _frame ??= new FrameBuffer();
        frame.Clear();
        frame.Write(PeerFields.Answers, answer);
        return frame.Written.ToArray();
    }

    public static AccountAnswer Read(ReadOnlySpan<byte> bytes)
    {
        // What a newer version may say instead of an outcome is no grant.
        var answer = new AccountAnswer(default, new V1.NodeAnswer { Kind = V1.NodeAnswerKind.Unknown });
        var reader = new WireReader(bytes, GrpcStatus.Internal);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case PeerFields.OutcomesTag: answer = new AccountAnswer(OutcomeCodec.Read(reader.ReadBytes(), out _), null); break;
                case PeerFields.AnswersTag: answer = answer with { Other = V1.NodeAnswer.Parser.ParseFrom(reader.ReadBytes()) }; break;
                default: reader.Skip(tag); break;
            }
        }
        return answer;
    }
}
