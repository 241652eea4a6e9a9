using Enforcer.Cluster;
using Enforcer.Grpc;
using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>What an account is asked, as nodes ask each other: one command or one question. What a newer version adds is passed over.</summary>
/// <param name="Command">The command, if there is no question.</param>
/// <param name="Question">The question, or null.</param>
internal readonly record struct AccountRequest(Command Command, V1.NodeQuestion? Question)
{
    [ThreadStatic]
    private static FrameBuffer? _frame;

    public static byte[] Of(long account, in Command command)
    {
        var frame = _frame ??= new FrameBuffer();
        frame.Clear();
        CommandCodec.Write(frame, PeerFields.Commands, 0, account, command, 0);
        return frame.Written.ToArray();
    }

    public static byte[] Of(V1.NodeQuestion question)
    {
        var frame = _frame ??= new FrameBuffer();
        frame.Clear();
        frame.Write(PeerFields.Questions, question);
        return frame.Written.ToArray();
    }

    public static AccountRequest Read(ReadOnlySpan<byte> bytes)
    {
        var request = default(AccountRequest);
        var reader = new WireReader(bytes, GrpcStatus.InvalidArgument);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case PeerFields.CommandsTag: request = request with { Command = CommandCodec.Read(reader.ReadBytes(), out _, out _, out _) }; break;
                case PeerFields.QuestionsTag: request = request with { Question = V1.NodeQuestion.Parser.ParseFrom(reader.ReadBytes()) }; break;
                default: reader.Skip(tag); break;
            }
        }
        return request;
    }
}
