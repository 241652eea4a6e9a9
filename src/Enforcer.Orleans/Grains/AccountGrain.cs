using Enforcer.Host;
using Enforcer.Journal;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>
/// Where an account is: the grain claims it for its silo and keeps it in memory there, as the same activation that other nodes have. It decides nothing and
/// keeps nothing; commands go to its silo, many in one message.
/// </summary>
/// <remarks>
/// There may be two of them for a while, when silos do not see each other. Each claims the account when it is activated, and only the one that has it can
/// append; the other's silo finds out with its next append, or before it tells anything.
/// </remarks>
[Reentrant]
[OwnerPlacement]
internal sealed class AccountGrain(OwnedAccounts accounts, ILocalSiloDetails silo, ILogger<AccountGrain> log) : Grain, IAccountGrain
{
    private long _account;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = this.GetPrimaryKeyLong();
        await accounts.BringAsync(_account, cancellationToken);
        // It lives as long as the account is in memory, however the commands come there.
        var idle = TimeSpan.FromMilliseconds(accounts.Host.Options.IdleMs);
        this.RegisterGrainTimer(EndIdleAsync, new GrainTimerCreationOptions { DueTime = idle, Period = idle, Interleave = true, KeepAlive = true });
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await accounts.LetGoAsync(_account, cancellationToken);
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or JournalFencedException or OperationCanceledException)
        {
            // The next owner reads from the journal what the head does not contain.
            OrleansLog.NotLetGo(log, _account, failure.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SiloAddress> LocateAsync(bool again)
    {
        try
        {
            if (again) await accounts.BringAsync(_account, CancellationToken.None);
            return silo.SiloAddress;
        }
        catch (JournalFencedException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private Task EndIdleAsync()
    {
        if (!accounts.Host.MayBeActive(_account)) DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
