using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Running;

namespace Enforcer.Simulation.Clients;

/// <summary>Makes the accounts, and changes them while they are used.</summary>
internal sealed class Operator(SimClient client, Plan plan, IReadOnlyList<Gateway> gateways)
{
    private readonly SimRandom _random = client.Random;
    private readonly Dictionary<long, ExpiryPolicy> _policies = [];

    public bool HasOpened { get; private set; }

    public bool HasEnded { get; private set; }

    public bool IsEnding { get; set; }

    public async Task RunAsync()
    {
        for (var account = 1L; account <= plan.Accounts; account++)
        {
            _policies[account] = _random.Happens(700) ? ExpiryPolicy.Charge : ExpiryPolicy.Release;
            var open = Of(CommandKind.Open) with { Unit = "USD", Limits = SomeLimits(account) };
            await client.AskAsync(account, open).ConfigureAwait(false);
        }
        HasOpened = true;
        while (!IsEnding)
        {
            await client.WaitAsync(_random.Between(20, 300) * World.Millisecond).ConfigureAwait(false);
            await ChangeAsync(_random.Between(1, plan.Accounts)).ConfigureAwait(false);
        }
        HasEnded = true;
    }

    /// <summary>Asks something of every account, so that each is in somebody's memory.</summary>
    public async Task TouchAllAsync()
    {
        HasEnded = false;
        for (var account = 1L; account <= plan.Accounts; account++)
            await client.AskAsync(account, Of(CommandKind.TopUp) with { AmountNanos = 1 }).ConfigureAwait(false);
        HasEnded = true;
    }

    private async Task ChangeAsync(long account)
    {
        switch (_random.Below(20))
        {
            case < 10:
                await client.AskAsync(account, Of(CommandKind.TopUp) with { AmountNanos = _random.Between(1, 3_000) }).ConfigureAwait(false);
                break;
            case < 15:
                await client.AskAsync(account, Of(CommandKind.SetLimits) with { Limits = SomeLimits(account) }).ConfigureAwait(false);
                break;
            case < 17:
                await client.AskAsync(account, Of(CommandKind.Suspend)).ConfigureAwait(false);
                await client.WaitAsync(_random.Between(1, 60) * World.Millisecond).ConfigureAwait(false);
                await client.AskAsync(account, Of(CommandKind.Resume)).ConfigureAwait(false);
                break;
            default:
                await ReverseAsync().ConfigureAwait(false);
                break;
        }
    }

    private async Task ReverseAsync()
    {
        if (_random.Pick(gateways).Settled is not { Count: > 0 } settled) return;
        var (account, reservation) = _random.Pick(settled);
        await client.AskAsync(account, Of(CommandKind.Reverse) with { ReservationId = reservation, AmountNanos = _random.Between(0, 40) }).ConfigureAwait(false);
    }

    private LimitSet SomeLimits(long account) => new(
        [new SpendLimit(SpendWindow.Life, _random.Between(500, 20_000))],
        _random.Happens(300) ? new RateLimit(_random.Between(60, 3_000), _random.Between(1, 10)) : null,
        _random.Happens(300) ? new RateLimit(_random.Between(600, 60_000), _random.Between(20, 200)) : null,
        _random.Happens(300) ? (int)_random.Between(1, 6) : 0,
        _policies[account]);

    private Command Of(CommandKind kind) => new() { Kind = kind, OperationId = client.NewId(), Actor = "operator", Reason = "simulated" };
}
