using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Spending;

/// <summary>
/// What is remembered of a key's account: its name and unit, which never change, and its rates as Enforcer told them last, less what passed here since. Providers send
/// their rates with every answer; asking Enforcer for them each time would double its work for figures that nobody must rely on. Thread-safe.
/// </summary>
internal sealed class KnownAccount(AccountView told, TimeProvider clock)
{
    /// <summary>What passed elsewhere, and changes of limits, are seen this late at most, with the first call after it.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private AccountView _told = told;
    private long _toldAt = clock.GetTimestamp();
    private long _requests;
    private long _tokens;
    private bool _isAsking;

    /// <summary>The account, by name.</summary>
    public string Name { get; } = told.Account;

    /// <summary>What its amounts are in.</summary>
    public string Unit { get; } = told.Unit;

    /// <summary>Takes in what Enforcer tells now; null if it could not be asked.</summary>
    public void Learn(AccountView? view)
    {
        lock (_gate)
        {
            _isAsking = false;
            if (view is null)
                return;
            (_told, _toldAt, _requests, _tokens) = (view, clock.GetTimestamp(), 0, 0);
        }
    }

    /// <summary>Counts a call that was granted.</summary>
    /// <param name="tokens">What it holds of the token rate.</param>
    /// <param name="isOld">Whether Enforcer should be asked again; said to one caller at a time.</param>
    /// <returns>How the rates stand after it; null where the account has none.</returns>
    public RateStanding? Take(long tokens, out bool isOld)
    {
        lock (_gate)
        {
            _requests++;
            _tokens += tokens;
            var since = clock.GetElapsedTime(_toldAt);
            isOld = since > Lasting && !_isAsking;
            _isAsking |= isOld;
            return Standing(since);
        }
    }

    /// <summary>How the rates stand; null where the account has none.</summary>
    public RateStanding? Standing()
    {
        lock (_gate)
            return Standing(clock.GetElapsedTime(_toldAt));
    }

    private RateStanding? Standing(TimeSpan since) => RateStanding.Of(_told, since, _requests, _tokens, clock.GetUtcNow());
}
