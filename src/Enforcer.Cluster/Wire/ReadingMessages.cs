using Enforcer.Host;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>Balances between nodes.</summary>
internal static class ReadingMessages
{
    public static V1.NodeReading Of(AccountReading reading)
    {
        var message = new V1.NodeReading
        {
            Status = (uint)reading.Status,
            Unit = reading.Unit,
            Seq = reading.Seq,
            CommittedNanos = reading.CommittedNanos,
            HeldNanos = reading.HeldNanos,
            OpenReservations = reading.OpenReservations,
            Limits = UnsafeByteOperations.UnsafeWrap(LimitBytes.Of(reading.Limits)),
            RequestsAvailable = reading.RequestsAvailable,
            TokensAvailable = reading.TokensAvailable,
        };
        var limits = reading.Limits.Spend.ToList();
        foreach (var spend in reading.Spend) message.Spend.Add(Of(limits.IndexOf(spend.Limit), spend.Use));
        return message;
    }

    public static AccountReading Read(long account, V1.NodeReading message)
    {
        var limits = LimitBytes.Read(message.Limits.Span);
        return new AccountReading
        {
            Account = account,
            Status = (AccountStatus)message.Status,
            Unit = message.Unit,
            Seq = message.Seq,
            CommittedNanos = message.CommittedNanos,
            HeldNanos = message.HeldNanos,
            OpenReservations = message.OpenReservations,
            Limits = limits,
            Spend = [.. message.Spend.Select(spend => new SpendReading(limits.Spend[spend.Place], Use(spend)))],
            RequestsAvailable = message.RequestsAvailable,
            TokensAvailable = message.TokensAvailable,
        };
    }

    private static V1.NodeSpend Of(int place, in WindowUse use) => new()
    {
        Place = place,
        SinceSeq = use.SinceSeq,
        StartMs = use.StartMs,
        EndMs = use.EndMs,
        CommittedNanos = use.CommittedNanos,
        HeldNanos = use.HeldNanos,
        DelegatedNanos = use.DelegatedNanos,
        OverrunNanos = use.OverrunNanos,
    };

    private static WindowUse Use(V1.NodeSpend spend) => new()
    {
        SinceSeq = spend.SinceSeq,
        StartMs = spend.StartMs,
        EndMs = spend.EndMs,
        CommittedNanos = spend.CommittedNanos,
        HeldNanos = spend.HeldNanos,
        DelegatedNanos = spend.DelegatedNanos,
        OverrunNanos = spend.OverrunNanos,
    };
}
