using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Ledger.Prices;
using Enforcer.Server.Edges.Wire;
using Enforcer.Server.Observability;
using Enforcer.Server.Refusals;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>What sessions share.</summary>
internal sealed class SessionPorts(
    IAccountEngine host, AccountCatalog accounts, IOfferSource offers, Authenticator tokens, CommandTally tally, CallTimes times, TimeProvider clock)
{
    public IAccountEngine Host { get; } = host;

    public AccountCatalog Accounts { get; } = accounts;

    public IOfferSource Offers { get; } = offers;

    public Authenticator Tokens { get; } = tokens;

    public CommandTally Tally { get; } = tally;

    public CallTimes Times { get; } = times;

    /// <summary>What was refused lately.</summary>
    public required RefusalTrace Refusals { get; init; }

    /// <summary>One string for each model and tag.</summary>
    public TextTable Texts { get; } = new();

    /// <summary>The most commands of one session that have no answer yet; then nothing more is read from it.</summary>
    public int MaxInFlight { get; init; } = 32 * 1024;

    public TimeProvider Clock { get; } = clock;

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
