using Enforcer.Cluster;
using Enforcer.Cluster.Tests.Support;
using Enforcer.Journal;
using Enforcer.Ledger;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans.Tests.Wire;

/// <summary>What a silo of a newer version answers, as this one understands it while a cluster is upgraded.</summary>
public sealed class VersionTests
{
    [Fact]
    public async Task What_a_newer_silo_adds_is_passed_over()
    {
        var newer = new V1.PeerAnswers { Outcomes = { new V1.Outcome { Number = 1, HeldNanos = 5, Seq = 7 } } };
        Assert.Equal(5, (await AskAsync(LinkTo([.. Field(1_000, "new"), .. newer.ToByteArray(), .. Field(1_001, "new")]))).Outcome.HeldNanos);
    }

    [Fact]
    public async Task An_answer_that_says_nothing_known_is_no_grant()
    {
        var second = new V1.PeerAnswers { Outcomes = { new V1.Outcome { Number = 2, HeldNanos = 5 } } };
        var link = LinkTo([.. Field(1_000, "new"), .. second.ToByteArray()]);
        var (unknown, known) = (AskAsync(link), AskAsync(link));
        Assert.Equal(5, (await known).Outcome.HeldNanos);
        Assert.False(unknown.IsCompleted);
        link.Tick(long.MaxValue);
        Assert.Equal(V1.NodeAnswerKind.Unknown, (await unknown).Other!.Kind);
    }

    [Fact]
    public async Task A_refusal_that_this_version_has_no_name_for_is_no_grant()
    {
        var newer = new V1.PeerAnswers { Outcomes = { new V1.Outcome { Number = 1, Refusal = (V1.Refusal)9_999 } } };
        Assert.Equal(Refusal.Unavailable, (await AskAsync(LinkTo(newer.ToByteArray()))).Outcome.Refusal);
    }

    private static PeerLink LinkTo(byte[] answers) => new(
        "n2", Guid.Empty, () => Task.FromResult<IPeerConnection>(new SiloConnection(new NewerPort(answers))), TimeSpan.FromSeconds(30), TimeProvider.System, WorkPool.Threads, NullLogger.Instance);

    private static Task<AccountAnswer> AskAsync(PeerLink link)
    {
        var sent = new SentRequest(new AccountRequest(7, Money.Reserve(5), null), new NoCalls(), TimeProvider.System, TimeProvider.System.GetTimestamp() + (60 * TimeProvider.System.TimestampFrequency));
        Assert.True(link.TrySend(sent));
        return sent.Answer;
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

    private sealed class NewerPort(byte[] answers) : ISiloPort
    {
        public ValueTask<byte[]> ExchangeAsync(byte[] requests) => ValueTask.FromResult(answers);
    }
}
