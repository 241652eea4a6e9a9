using System.Globalization;
using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>What accounts used in a month, from their entries alone: nothing is priced again, so the sums are the ledger's.</summary>
internal sealed class OperatorStatement(IAccountEngine host, OperatorAccounts accounts, IAccountDirectory directory)
{
    public async IAsyncEnumerable<V1.StatementRow> RunAsync(V1.StatementRequest request, OperatorCall call)
    {
        var (fromMs, toMs) = MonthOf(request.Month);
        await foreach (var account in ListAsync(request, call).ConfigureAwait(false))
        {
            var month = new AccountMonth(account, fromMs, toMs);
            await foreach (var entry in host.ReadLedgerAsync(account.Number, call.Cancel).ConfigureAwait(false))
            {
                if (!month.Add(entry)) break;
            }
            foreach (var row in month.Rows()) yield return row;
        }
    }

    private async IAsyncEnumerable<AccountRecord> ListAsync(V1.StatementRequest request, OperatorCall call)
    {
        foreach (var account in request.Accounts)
        {
            var target = await accounts.FindAsync(account, call).ConfigureAwait(false);
            yield return (await directory.FindAsync(target.Number, call.Cancel).ConfigureAwait(false))!;
        }
        if (request.Accounts.Count > 0) yield break;
        for (var after = ""; ;)
        {
            var page = await directory.ListAsync(after, DirectoryRules.MaxPage, call.Cancel).ConfigureAwait(false);
            foreach (var account in page) yield return account;
            if (page.Count < DirectoryRules.MaxPage) yield break;
            after = page[^1].Id;
        }
    }

    private static (long FromMs, long ToMs) MonthOf(string month)
    {
        if (!DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var first))
            throw Faults.Invalid($"month '{(month.Length > 16 ? month[..16] : month)}' is no month; give one such as 2026-11.");
        return (new DateTimeOffset(first).ToUnixTimeMilliseconds(), new DateTimeOffset(first.AddMonths(1)).ToUnixTimeMilliseconds());
    }
}
