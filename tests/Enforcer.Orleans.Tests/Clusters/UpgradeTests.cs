using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger.Commands;
using Enforcer.Storage.Postgres.Tests.Support;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>A silo of an older version commands the accounts of this one while a cluster is upgraded.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class UpgradeTests(PostgresServer server)
{
    [Fact]
    public async Task An_older_silos_commands_have_only_the_fields_that_it_knew_and_newer_ones_more()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1");
        await cluster["n1"].Engine.ExecuteAsync(7, Money.Open(100));
        var id = Money.NewId();
        var bytes = new byte[Ledger.OperationId.Size];
        id.Write(bytes);
        var old = new V1.PeerRequests
        {
            Commands = { new V1.NodeCommand { Number = 3, Account = 7, Kind = (uint)CommandKind.Reserve, OperationId = ByteString.CopyFrom(bytes), AmountNanos = 60, TtlMs = 600_000 } },
            Questions = { new V1.NodeQuestion { Number = 4, Account = 7, Kind = (V1.NodeQuestionKind)99 } },
        };
        var port = cluster["n1"].Silo.Services.GetRequiredService<SiloPorts>().Of(cluster["n1"].Silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        // A field that no version has yet, as a newer silo would send it.
        byte[] newer = [.. old.ToByteArray(), 0xC2, 0x3E, 1, 0];
        var answers = V1.PeerAnswers.Parser.ParseFrom(await port.ExchangeAsync(newer));
        Assert.Equal((3UL, 60L), (answers.Outcomes.Single().Number, answers.Outcomes.Single().HeldNanos));
        // A question of a newer version is answered: that nobody knows.
        Assert.Equal((4UL, V1.NodeAnswerKind.Unknown), (answers.Answers.Single().Number, answers.Answers.Single().Kind));
        Assert.Equal(60, (await cluster["n1"].Engine.ReadAsync(7)).HeldNanos);
    }
}
