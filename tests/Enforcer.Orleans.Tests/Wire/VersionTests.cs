using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans.Tests.Wire;

/// <summary>Silos of neighbouring versions understand each other while a cluster is upgraded.</summary>
public sealed class VersionTests
{
    [Fact]
    public void A_command_of_an_older_silo_has_only_the_fields_that_it_knew()
    {
        var id = Money.NewId();
        var bytes = new byte[OperationId.Size];
        id.Write(bytes);
        var old = new V1.PeerRequests { Commands = { new V1.NodeCommand { Account = 7, Kind = 1, OperationId = ByteString.CopyFrom(bytes), AmountNanos = 5 } } };
        var read = AccountRequest.Read(old.ToByteArray());
        Assert.Null(read.Question);
        Assert.Equal(new Command { Kind = CommandKind.Reserve, OperationId = id, AmountNanos = 5 }, read.Command);
    }

    [Fact]
    public void What_a_newer_silo_adds_is_passed_over()
    {
        var request = AccountRequest.Of(7, Money.Reserve(5));
        byte[] added = [.. Field(1_000, "new"), .. request, .. Field(1_001, "new")];
        Assert.Equal(AccountRequest.Read(request), AccountRequest.Read(added));
        var answer = AccountAnswer.Of(new Outcome { HeldNanos = 5, HeadroomNanos = 6, Seq = 7 });
        Assert.Equal(AccountAnswer.Read(answer), AccountAnswer.Read([.. answer, .. Field(1_000, "new")]));
    }

    [Fact]
    public void An_answer_that_says_nothing_known_is_no_grant()
    {
        Assert.Equal(V1.NodeAnswerKind.Unknown, AccountAnswer.Read(Field(1_000, "new")).Other!.Kind);
        Assert.Equal(V1.NodeAnswerKind.Unknown, AccountAnswer.Read([]).Other!.Kind);
    }

    [Fact]
    public void A_refusal_that_this_version_has_no_name_for_is_no_grant()
    {
        var newer = new V1.PeerAnswers { Outcomes = { new V1.Outcome { Refusal = (V1.Refusal)9_999 } } };
        var outcome = AccountAnswer.Read(newer.ToByteArray()).Outcome;
        Assert.Equal(Refusal.Unavailable, outcome.Refusal);
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
