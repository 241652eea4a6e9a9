namespace Enforcer.LoadTests.Traffic;

/// <summary>Draws accounts by a <see cref="Traffic.Spread"/>. Immutable: one for all edges, each with its own randomness.</summary>
internal sealed class AccountPicker(Spread spread, int accounts)
{
    private const double HotShare = 0.9;

    private readonly Zipf? _zipf = spread == Spread.Zipf ? new Zipf(accounts) : null;

    public int Accounts => accounts;

    public int Next(Random random)
    {
        if (_zipf is not null)
            return _zipf.Next(random);
        return spread == Spread.Hot && random.NextDouble() < HotShare ? 0 : random.Next(accounts);
    }

    /// <summary>The share of all cycles that an account can expect.</summary>
    public double Share(int account)
    {
        if (_zipf is not null)
            return _zipf.Share(account);
        if (spread != Spread.Hot)
            return 1.0 / accounts;
        return ((1 - HotShare) / accounts) + (account == 0 ? HotShare : 0);
    }
}
