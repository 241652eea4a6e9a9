using Enforcer.Cluster;
using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans.Tests.Wire;

/// <summary>What a silo of a newer version answers, as this one understands it while a cluster is upgraded.</summary>
public sealed class VersionTests
{
    [Fact]
    public async Task What_a_newer_silo_adds_is_passed_over()
    {
        var newer = new V1.PeerAnswers { Outcomes = { new V1.Outcome { HeldNanos = 5, Seq = 7 } } };
        Assert.Equal(5, (await AnsweredAsync([.. Field(1_000, "new"), .. newer.ToByteArray(), .. Field(1_001, "new")])).Outcome.HeldNanos);
    }

    [Fact]
    public async Task An_answer_that_says_nothing_known_is_no_grant()
    {
        Assert.Equal(V1.NodeAnswerKind.Unknown, (await AnsweredAsync(Field(1_000, "new"))).Other!.Kind);
        Assert.Equal(V1.NodeAnswerKind.Unknown, (await AnsweredAsync([])).Other!.Kind);
    }

    [Fact]
    public async Task A_refusal_that_this_version_has_no_name_for_is_no_grant()
    {
        var newer = new V1.PeerAnswers { Outcomes = { new V1.Outcome { Refusal = (V1.Refusal)9_999 } } };
        Assert.Equal(Refusal.Unavailable, (await AnsweredAsync(newer.ToByteArray())).Outcome.Refusal);
    }

    private static async Task<AccountAnswer> AnsweredAsync(byte[] answers)
    {
        var frame = new RequestFrame();
        var told = frame.Add(new AccountRequest(7, Money.Reserve(5), null), long.MaxValue, 1_000, new NoCalls());
        frame.Complete(answers);
        return await told;
    }

    private static byte[] Field(int number, string text)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteString(text);
        }
        return stream.ToArray();
    }
}
