using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Running;

namespace Enforcer.Simulation.Clients;

/// <summary>What an edge gateway does all day: reserve, perhaps extend, settle; now and then too late, not at all, or twice.</summary>
internal sealed class Gateway(SimClient client, Plan plan)
{
    private readonly SimRandom _random = client.Random;

    /// <summary>True once it makes no more calls and has all its answers.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>It makes no new calls any more.</summary>
    public bool IsEnding { get; set; }

    public List<(long Account, OperationId Reservation)> Settled { get; } = [];

    public async Task RunAsync()
    {
        while (!IsEnding)
        {
            await client.WaitAsync(_random.Between(0, 2 * plan.ThinkFor)).ConfigureAwait(false);
            var account = _random.Between(1, plan.Accounts);
            if (_random.Happens(70)) await client.ReadAsync(account).ConfigureAwait(false);
            else await CallAsync(account).ConfigureAwait(false);
        }
        HasEnded = true;
    }

    private async Task CallAsync(long account)
    {
        var amount = _random.Between(1, 400);
        var reserve = new Command
        {
            Kind = CommandKind.Reserve,
            OperationId = client.NewId(),
            AmountNanos = amount,
            AtLeastNanos = _random.Happens(200) ? _random.Between(1, amount) : 0,
            Tokens = _random.Between(0, 20),
            TtlMs = _random.Between(300, 1_500),
        };
        var outcome = await client.AskAsync(account, reserve).ConfigureAwait(false);
        if (_random.Happens(60)) await AskAgainAsync(account, reserve, outcome).ConfigureAwait(false);
        if (!outcome.IsGranted) return;
        var held = outcome.HeldNanos;
        await client.WaitAsync(_random.Between(0, _random.Happens(100) ? 1_800 : 100) * World.Millisecond).ConfigureAwait(false);
        if (_random.Happens(250)) held = await ExtendAsync(account, reserve.OperationId, held).ConfigureAwait(false);
        if (_random.Happens(150)) held = await SettleAsync(account, reserve.OperationId, held, isFinal: false).ConfigureAwait(false);
        var ending = _random.Below(100);
        if (ending < 75) await SettleAsync(account, reserve.OperationId, held, isFinal: true).ConfigureAwait(false);
        else if (ending < 90) await client.AskAsync(account, Of(CommandKind.Release, reserve.OperationId)).ConfigureAwait(false);
    }

    /// <summary>Asks the same again, or something else under the same id.</summary>
    private async Task AskAgainAsync(long account, Command reserve, Outcome before)
    {
        if (!before.IsGranted) return;
        if (_random.Happens(400))
        {
            await client.AskAsync(account, reserve with { AmountNanos = reserve.AmountNanos + 1 }).ConfigureAwait(false);
            return;
        }
        if (_random.Happens(500)) client.Begin(() => AskLaterAsync(account, reserve));
        else await client.AskAsync(account, reserve, isRepeat: true).ConfigureAwait(false);
    }

    private async Task AskLaterAsync(long account, Command reserve)
    {
        await client.WaitAsync(_random.Between(500, 2_500) * World.Millisecond).ConfigureAwait(false);
        await client.AskAsync(account, reserve, isRepeat: true).ConfigureAwait(false);
    }

    private async Task<long> ExtendAsync(long account, OperationId reservation, long held)
    {
        var command = Of(CommandKind.Extend, reservation) with { AmountNanos = _random.Between(0, 200), Tokens = _random.Between(0, 5), TtlMs = _random.Between(100, 800) };
        var outcome = await client.AskAsync(account, command).ConfigureAwait(false);
        return outcome.IsGranted ? outcome.HeldNanos : held;
    }

    private async Task<long> SettleAsync(long account, OperationId reservation, long held, bool isFinal)
    {
        // Mostly what was held or less; sometimes the call has cost more.
        var cost = _random.Happens(80) ? held + _random.Between(1, 50) : _random.Between(0, held);
        var command = Of(CommandKind.Commit, reservation) with { AmountNanos = cost, Tokens = _random.Between(0, 20), Final = isFinal };
        var outcome = await client.AskAsync(account, command).ConfigureAwait(false);
        if (outcome.IsGranted && isFinal) Settled.Add((account, reservation));
        return outcome.IsGranted ? outcome.HeldNanos : held;
    }

    private Command Of(CommandKind kind, OperationId reservation) => new() { Kind = kind, OperationId = client.NewId(), ReservationId = reservation };
}
