using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>Commands as tests need them.</summary>
internal static class Money
{
    private static ulong _random;

    public static OperationId NewId() => OperationId.NewV7(
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), unchecked(Interlocked.Increment(ref _random) * 0x9E37_79B9_7F4A_7C15), Interlocked.Increment(ref _random));

    public static Command Open(long capNanos) => new()
    {
        Kind = CommandKind.Open,
        OperationId = NewId(),
        Unit = "USD",
        Limits = new LimitSet([new SpendLimit(SpendWindow.Life, capNanos)]),
        Actor = "test",
    };

    public static Command Reserve(long nanos) => new() { Kind = CommandKind.Reserve, OperationId = NewId(), AmountNanos = nanos, TtlMs = 600_000 };

    public static Command Commit(OperationId reservation, long nanos) =>
        new() { Kind = CommandKind.Commit, OperationId = NewId(), ReservationId = reservation, AmountNanos = nanos, Final = true };

    /// <summary>Asks as a client does: with the same id, until there is an answer that says something.</summary>
    public static async Task<Outcome> DoAsync(Func<IAccountEngine> engine, long account, Command command)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            try
            {
                var outcome = await engine().ExecuteAsync(account, command).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
                if (outcome.Refusal is not (Refusal.Unavailable or Refusal.Busy)) return outcome;
            }
            catch (Exception error) when (error is Journal.JournalLostException or Journal.JournalUnavailableException or Journal.JournalElsewhereException or Journal.JournalFencedException)
            {
                // As a client: nobody knows; again.
            }
            await Task.Delay(20);
        }
        throw new TimeoutException($"Account {account} gave no answer.");
    }
}
