using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Server.Prices;
using Enforcer.Server.Refusals;

namespace Enforcer.Server.Operators.Prices;

/// <summary>What operators do with prices.</summary>
/// <param name="Book">Versions and rates.</param>
/// <param name="Plans">Price plans and who has them.</param>
/// <param name="Explain">How a price came about.</param>
/// <param name="Statement">What was used in a month.</param>
internal sealed record PricingOperators(OperatorPriceBook Book, OperatorPricePlans Plans, OperatorExplain Explain, OperatorStatement Statement) : IDisposable
{
    /// <summary>Makes all of them over one directory.</summary>
    public static PricingOperators Over(
        IDirectory directory, IAccountEngine host, OperatorAccounts accounts, OperatorLedger ledger, PriceStore store, OfferCatalog offers,
        RefusalTrace refusals, TimeProvider clock) => new(
        new OperatorPriceBook(store, offers, directory.Audit, clock),
        new OperatorPricePlans(store, new OfferMaker(store), offers, accounts, directory.Accounts, directory.Audit, clock),
        new OperatorExplain(host, directory.Accounts, ledger, offers, store, refusals),
        new OperatorStatement(host, accounts, directory.Accounts));

    public void Dispose() => Book.Dispose();
}
