using System.Diagnostics;
using Enforcer.Grpc;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// While a load runs: makes a commit of its own every second or two and looks how long the ledger takes to show it, by the
/// operation's id and in the account's newest entries.
/// </summary>
internal sealed class Prober(Target target, int account)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly OperationIds _ids = new(new Random(unchecked((int)Stopwatch.GetTimestamp())), TimeProvider.System);

    public int Probes { get; private set; }

    /// <summary>The longest time until a commit was found by its operation id.</summary>
    public TimeSpan WorstById { get; private set; }

    /// <summary>The longest time until a commit was found in its account's history.</summary>
    public TimeSpan WorstInHistory { get; private set; }

    /// <summary>Probes until it is told to stop; the probe that runs then is finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var channel = EdgeChannel.Open(target);
        using var operators = new OperatorClient(target, _ids);
        while (!stop.IsCancellationRequested)
        {
            var id = await CommitAsync(channel).ConfigureAwait(false);
            var byId = FindAsync(operators, id, byId: true);
            var inHistory = FindAsync(operators, id, byId: false);
            WorstById = Max(WorstById, await byId.ConfigureAwait(false));
            WorstInHistory = Max(WorstInHistory, await inHistory.ConfigureAwait(false));
            Probes++;
            await Task.Delay(Between, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ByteString> CommitAsync(GrpcChannel channel)
    {
        var by = new AccountRef { Account = AccountNames.Of(account) };
        var reserve = new ReserveRequest { OperationId = NextId(), Account = by, AmountNanos = 1_000, TtlMs = 60_000 };
        var reserved = await channel.UnaryAsync(EdgeChannel.Reserve, reserve).ConfigureAwait(false);
        var commit = new CommitRequest { OperationId = NextId(), Account = by, ReservationId = reserve.OperationId, AmountNanos = 1_000, Final = true };
        var committed = await channel.UnaryAsync(EdgeChannel.Commit, commit).ConfigureAwait(false);
        return (reserved.Refusal, committed.Refusal) == (Refusal.Granted, Refusal.Granted)
            ? commit.OperationId
            : throw new InvalidOperationException($"a probe was refused: {reserved.Detail?.Message}{committed.Detail?.Message}");
    }

    private async Task<TimeSpan> FindAsync(OperatorClient operators, ByteString id, bool byId)
    {
        var committed = Stopwatch.GetTimestamp();
        while (!await operators.IsInLedgerAsync(account, id, byId, CancellationToken.None).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(committed) > Patience)
                break;
            await Task.Delay(Poll).ConfigureAwait(false);
        }

        return Stopwatch.GetElapsedTime(committed);
    }

    private ByteString NextId()
    {
        var bytes = new byte[16];
        OperationIds.Write(_ids.Next(), bytes);
        return ByteString.CopyFrom(bytes);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
