namespace Enforcer.Edge.Spending;

/// <summary>A reservation that is going to be asked for, under ids that are known before.</summary>
/// <param name="ReservationId">The reservation, and the operation id of its Reserve.</param>
/// <param name="SettlementId">The operation id that it will be settled under, whoever does it.</param>
/// <param name="Account">The account. It goes by its name: a key may be revoked while the call runs, and is no thing to write on disk.</param>
internal sealed record Intent(Guid ReservationId, Guid SettlementId, KnownAccount Account)
{
    /// <summary>What becomes of it if no call follows: what may have been reserved is given back.</summary>
    public Settlement Undo() => new() { ReservationId = ReservationId, OperationId = SettlementId, Account = Account.Name, IsRelease = true };
}
